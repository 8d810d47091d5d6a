"""Absences: who is away from when to when, and who stands in for them."""
