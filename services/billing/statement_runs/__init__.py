"""Statement runs: statements of account of many accounts, made and sent at once."""
