"""Discounts for paying early: how much less is enough, and until when."""
