"""Debit notes by hand: more is owed for what an invoice sold."""
