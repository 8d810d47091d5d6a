"""Reasons: what this service itself tells of why an account should be contacted."""
