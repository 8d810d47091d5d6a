"""Charges rest with the service of their account, and end with the account."""
