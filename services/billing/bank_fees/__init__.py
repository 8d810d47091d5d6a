"""What the bank charged us for money that was not there: demanded of the client, and forgiven."""
