"""Shipments: what was sent is invoiced."""
