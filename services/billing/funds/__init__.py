"""Payments and credit notes alike: what allocations and refunds are of."""
