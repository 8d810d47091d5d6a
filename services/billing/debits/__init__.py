"""Money that we fetch: debits on their way, that succeed or fail."""
