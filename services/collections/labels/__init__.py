"""Labels: the words around a letter's text."""
