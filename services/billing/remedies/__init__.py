"""Remedies that accounts granted: credited here, or refused with a reason."""
