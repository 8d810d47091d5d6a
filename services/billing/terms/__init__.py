"""Payment terms: which part of an invoice is due when."""
