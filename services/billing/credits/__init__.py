"""Credit notes: what lowers what is owed after issue."""
