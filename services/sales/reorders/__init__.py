"""Reorder levels: at which quantity a product is to be ordered anew, and which have come to it."""
