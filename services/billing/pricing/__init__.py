"""What lines and taxes come to."""
