"""Tax ids: what the rules of countries say of how they are written."""
