"""Settling what was undone of orders: billed or shipped again, or left."""
