"""Steps of hand-overs: what is done with their accounts, chunk by chunk or by name."""
