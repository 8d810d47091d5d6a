"""Levels: what is on hand and reserved of each product, and what it has cost on average."""
