"""Issuing invoices: a draft, a batch, what was shipped."""
