"""Hours: when a client is there."""
