"""Shipments: goods of an order that have left, all at once or in parts."""
