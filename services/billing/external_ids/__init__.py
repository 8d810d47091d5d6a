"""What senders call what they send: under one name an account's is there once."""
