"""Disputes: a client contests a part of an item."""
