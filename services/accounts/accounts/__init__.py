"""Accounts: the clients, their terms, their states, their owner."""
