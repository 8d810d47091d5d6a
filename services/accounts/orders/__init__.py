"""Orders: which orders of each account are running, copied from sales."""
