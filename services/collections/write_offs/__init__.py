"""What is given up of what clients owe."""
