"""Open instalments replaced by others of the same total."""
