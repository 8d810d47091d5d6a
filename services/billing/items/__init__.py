"""Open items: what is due, and each account's balance."""
