"""Money that comes in: one payment, or many at once."""
