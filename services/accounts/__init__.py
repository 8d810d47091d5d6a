"""Accounts: who the clients are and who looks after them."""
