"""Billed: what accounts were billed and credited, copied from billing."""
