"""Charges are added, one or many at once."""
