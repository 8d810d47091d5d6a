"""Hand-overs: a book goes to a successor, packed, offered, accepted or returned account by account."""
