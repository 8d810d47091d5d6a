"""A shop's order lines, billed by the month."""
