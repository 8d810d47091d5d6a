"""Clocks: how long a case may wait for its first answer, for news and for its solution."""
