"""The manual clock: moving every service through time until all is settled."""
