"""Crediting: what of an invoice a credit note takes, by amount, by lines or by rate, and its tax."""
