"""Closings: whether sales agrees that an account is closed."""
