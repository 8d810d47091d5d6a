"""Ownership: exactly one owner per account, at every moment, with its history."""
