"""Returns: what sales accepted of goods that came back is credited."""
