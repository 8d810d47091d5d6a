"""What was used of what is charged by use."""
