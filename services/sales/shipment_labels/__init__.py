"""Labels: the words on pick lists and delivery notes, in the languages that we bring."""
