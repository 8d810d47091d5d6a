"""Goods: what of stock is kept for shipments, and leaves with them."""
