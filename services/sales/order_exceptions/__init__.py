"""Order exceptions: what was undone of an order, until a person says whether it is done again or left."""
