"""Orders: what an account has agreed to buy, at frozen prices, against its credit."""
