"""Closings: ending the relationship with a client, once all who deal with it agree."""
