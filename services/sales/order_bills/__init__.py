"""Order bills: what of orders billing is asked to bill by itself, and what it answered."""
