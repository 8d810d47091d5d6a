"""Letters that ask for items, as collections tells: which are approved and not sent yet."""
