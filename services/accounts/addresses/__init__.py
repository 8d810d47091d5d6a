"""Where accounts get their bills, their goods and what must be served on them."""
