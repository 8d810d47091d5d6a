"""Periods: from a day to a day, and what turns on the days at which they begin and end."""
