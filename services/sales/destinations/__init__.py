"""Destinations: where the goods of an order go, and to whom."""
