"""Disputes: what clients contest of items, as copied from collections, and what they get of it."""
