"""Products: what is sold, at which price and tax."""
