"""A service process: how it starts, what it shares, how it describes itself."""
