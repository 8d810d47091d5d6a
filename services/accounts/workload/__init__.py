"""Workload: how much people have on their lists, what became of it, and why an account is where it is."""
