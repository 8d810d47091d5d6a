"""Series: activities that come again by a rule, the next one planned when the last has its outcome."""
