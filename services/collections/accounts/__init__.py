"""Accounts as collections knows them: copies kept by events."""
