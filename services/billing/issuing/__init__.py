"""Issuing invoices: what a draft and all that is issued at once have in common."""
