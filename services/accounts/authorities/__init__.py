"""Authorities: how much whoever works here may grant a client, and how much goodwill an account has."""
