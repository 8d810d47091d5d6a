"""On hand: what there is of each product on any day, as known at any moment, and what it is worth."""
