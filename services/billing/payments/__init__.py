"""Payments: money received and what it is set against."""
