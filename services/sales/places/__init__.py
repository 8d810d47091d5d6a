"""Places: where goods are kept."""
