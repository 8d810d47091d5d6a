"""Batches: many shipments are assigned, picked or sent in one request, each by itself."""
