"""What billing and our own events tell us, and all that follows from it at once."""
