"""Labels: the words on documents, in the languages that we bring."""
