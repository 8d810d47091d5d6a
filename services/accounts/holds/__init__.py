"""Holds: no new business with an account for a while, as somebody says so or a document expired."""
