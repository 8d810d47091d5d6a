"""Returns: goods that an account sends back, from the first word to the answer it gets."""
