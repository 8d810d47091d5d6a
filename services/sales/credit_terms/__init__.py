"""Credit terms: which limits the credit check looks at besides the total, of an account and of all."""
