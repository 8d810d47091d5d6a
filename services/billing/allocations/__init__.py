"""Allocations: parts of payments and credit notes set against items."""
