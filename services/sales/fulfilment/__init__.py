"""Fulfilment: the half of orders that counts what has left, of many orders at once."""
