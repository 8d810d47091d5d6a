"""Assignment: which of several people an account is given to, fairly."""
