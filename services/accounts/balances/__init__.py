"""Balances: what each account owes, copied from billing."""
