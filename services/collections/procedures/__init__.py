"""Dunning procedures: which letter when, in versions, and which account has which."""
