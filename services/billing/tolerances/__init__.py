"""Tolerances: which differences are too small to ask for, by currency."""
