"""E-invoices: a document as programs read it, and what keeps one from being made."""
