"""Languages: which of several texts somebody reads, and how a language writes days and amounts."""
