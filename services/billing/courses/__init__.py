"""What is charged for which day, and what of it falls due."""
