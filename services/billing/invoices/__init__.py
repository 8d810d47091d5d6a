"""Invoices: drafts, void, and what is still owed on each."""
