"""A shop's order lines, billed by invoice and by credit note."""
