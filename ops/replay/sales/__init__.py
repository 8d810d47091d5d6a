"""A shop's order lines, sold: as orders that are shipped, and as returns that are credited."""
