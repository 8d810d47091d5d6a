"""Periods of what is billed again and again, and parts of them."""
