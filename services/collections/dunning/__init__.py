"""Dunning runs: what is due on a day, why not, and the runs that propose and approve it."""
