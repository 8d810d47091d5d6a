"""Deposits: what is asked of an order before it is supplied is billed ahead."""
