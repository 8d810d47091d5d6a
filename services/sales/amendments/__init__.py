"""Amendments: what is changed of an order after it was agreed."""
