"""Advances: invoices made for an order ahead of its shipments, and what of them is ahead still."""
