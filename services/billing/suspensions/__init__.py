"""On which days accounts have no service, by events."""
