"""Sheets: what a document says, word for word, in its reader's language."""
