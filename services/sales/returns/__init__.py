"""Returns: goods that come back."""
