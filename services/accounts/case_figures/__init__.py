"""Case figures: how many cases there were, of which kind, whose, and how many in time."""
