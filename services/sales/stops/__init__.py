"""Stops: confirmed orders that a lowered credit limit has no room for any more."""
