"""Batches: many products are offered in one request, each by itself."""
