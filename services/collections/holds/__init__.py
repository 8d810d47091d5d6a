"""Pauses of dunning for an account or one item."""
