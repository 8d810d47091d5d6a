"""Overrides: a lead lets one order pass the credit check, for a reason and until a day."""
