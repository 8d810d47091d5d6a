"""Known: which services know an account, and which of those that must do not say so."""
