"""Counts: what is on the shelf, beside what the books say."""
