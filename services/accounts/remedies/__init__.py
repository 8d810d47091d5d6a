"""Remedies: what a client is given for what went wrong, by whose authority, and what came of it."""
