"""Requests and answers: reading, routing, repeating, documenting."""
