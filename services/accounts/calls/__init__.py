"""Calls: who rang, whether somebody answered, and whether they were called back in time."""
