"""Accounts whose worklist the daily review could not keep, and why."""
