"""Routines: how and when each client pays, and is billed, as was agreed with them."""
