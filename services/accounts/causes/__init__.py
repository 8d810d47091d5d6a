"""Causes: what cases come from, as diagnoses name it."""
