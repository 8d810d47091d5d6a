"""Packs: what a successor needs to know of an account, from our own copies, frozen, as JSON and PDF."""
