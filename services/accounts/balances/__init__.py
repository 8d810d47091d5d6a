"""Balances: what each account owes, copied from billing, so that nobody is closed in debt."""
