"""Inventory reports: what there was at the end of a month, frozen."""
