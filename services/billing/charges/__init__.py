"""What is charged once, by use, or again and again."""
