"""Returns that nobody decided or sent in time, or that wait too long."""
