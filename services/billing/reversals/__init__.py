"""Allocations, payments and refunds taken back, and payments that were there after all."""
