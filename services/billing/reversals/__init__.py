"""Allocations and payments taken back."""
