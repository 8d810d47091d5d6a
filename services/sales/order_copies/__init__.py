"""Copies of orders: the same again, at the prices of today."""
