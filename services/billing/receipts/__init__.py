"""Receipts: numbered confirmations of money received, one for each payment."""
