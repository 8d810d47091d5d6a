"""Dunning notices: sending, printing, cancelling and reading them."""
