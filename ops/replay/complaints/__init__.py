"""Complaints, played as cases from when they were received to their ends."""
