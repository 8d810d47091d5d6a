"""Drafts of invoices: issued, edited where a billing run made them, deleted."""
