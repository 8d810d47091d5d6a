"""Debit notes: what was refunded out of money that turned out not to be there is claimed back."""
