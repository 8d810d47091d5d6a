"""Confirming: orders are agreed to, one or many at once."""
