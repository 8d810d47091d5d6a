"""Tolerances: how much less or more than was ordered may be shipped, by product or account."""
