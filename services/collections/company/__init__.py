"""Who we are, as accounts says it: whom letters are from."""
