"""Standings: what the credit check sees of an account, and letting one order pass it."""
