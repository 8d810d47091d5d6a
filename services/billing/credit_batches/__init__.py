"""Many credit notes issued at once, each by itself."""
