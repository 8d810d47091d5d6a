"""The orders billed, as copied from the sales service."""
