"""Reservations: what of the stock is kept for which order line, the oldest promise first."""
