"""Servers, processes and commands for a laptop or CI; nothing here runs in production."""
