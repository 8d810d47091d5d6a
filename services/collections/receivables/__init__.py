"""Open items as collections sees them: copies of billing's, and what may be asked of each."""
