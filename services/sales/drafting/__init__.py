"""Drafting: orders are drafted, one or many at once."""
