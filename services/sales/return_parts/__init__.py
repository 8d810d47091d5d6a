"""The parts in which returns arrive, and what becomes of their goods."""
