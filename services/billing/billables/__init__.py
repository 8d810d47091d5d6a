"""Billables: what is to be billed and is not yet billed whole."""
