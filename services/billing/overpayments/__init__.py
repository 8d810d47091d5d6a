"""Overpayments: money that came too much, and is not given back."""
