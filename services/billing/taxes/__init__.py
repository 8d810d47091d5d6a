"""How things are taxed: codes, what each demands, how tax is rounded."""
