"""Billing runs: what is pending of many accounts is foreseen, approved, and billed."""
