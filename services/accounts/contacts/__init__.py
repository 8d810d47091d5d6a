"""Contacts: the people at an account, what for, from when to when."""
