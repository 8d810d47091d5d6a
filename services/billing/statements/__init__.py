"""Statements: what moved what an account owes, and what of it was open."""
