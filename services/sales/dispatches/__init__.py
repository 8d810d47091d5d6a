"""Dispatches: goods are reserved, picked and sent, of one order or of many at once."""
