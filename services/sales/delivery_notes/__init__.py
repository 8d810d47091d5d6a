"""Delivery notes, and the pick lists before them: what goes out with the goods."""
