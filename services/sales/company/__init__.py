"""Who we are, as accounts says it: whose holidays we have, whom delivery notes are from."""
