"""Versions of orders: what was agreed when, what each amendment changed, who accepted it."""
