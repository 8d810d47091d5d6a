"""Deposits: what clients pay of orders before they are supplied."""
