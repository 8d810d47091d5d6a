"""Directory: how accounts are found by what people type, and how likely two are the same client."""
