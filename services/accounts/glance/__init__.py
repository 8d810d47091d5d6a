"""Glance: all there is to know of an account, in one answer."""
