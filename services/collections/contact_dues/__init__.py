"""Which accounts are to be contacted about overdue money."""
