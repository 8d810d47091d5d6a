"""Bills: what stands on a document, as it was on its day, and in which words."""
