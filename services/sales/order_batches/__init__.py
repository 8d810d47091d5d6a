"""Batches: many orders are drafted, confirmed and shipped in one request, each by itself."""
