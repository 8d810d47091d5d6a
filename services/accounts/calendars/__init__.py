"""Calendars: the hours and days on which work is done, ours and clients'."""
