"""Who bills, as accounts says it: whom documents are from, and how their tax is rounded."""
