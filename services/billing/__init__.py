"""Billing: what clients owe and what they paid."""
