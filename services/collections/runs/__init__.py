"""Dunning runs and their notices: the states they go through."""
