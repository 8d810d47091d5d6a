"""What a count may find amiss before somebody else is to approve it."""
