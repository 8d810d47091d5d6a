"""Periods: until which day stock is closed, so that nothing is back-dated into it."""
