"""Placements: debts handed over to collections, one voice at a time."""
