"""Adjustments: what is owed and given up, without money or credit."""
