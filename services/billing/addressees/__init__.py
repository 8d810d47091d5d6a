"""To whom documents are addressed, now and on any day before: copies kept by events of accounts."""
