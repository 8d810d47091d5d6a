"""Closings: whether billing agrees that an account is closed."""
