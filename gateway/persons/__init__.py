"""Persons: who may sign in, what they prove that with, what their roles may do, and their sessions."""
