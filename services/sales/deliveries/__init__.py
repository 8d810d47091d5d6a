"""Deliveries: how an order's goods come to the client, on one page."""
