"""Escalations: who is told when a clock of a case has run for nearly, or all, of its time."""
