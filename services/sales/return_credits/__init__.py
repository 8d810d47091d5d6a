"""What billing says to the credits that it is asked for: the half of answers that hears many at once."""
