"""Batches: many returns are asked for, received, inspected and credited in one request."""
