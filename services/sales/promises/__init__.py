"""Promises: by when the lines of orders were promised, what is on back-order, and what was kept."""
