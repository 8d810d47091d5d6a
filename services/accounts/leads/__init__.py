"""Leads: what sales has won becomes an account."""
