"""Sharing: who looks after an account beside its owner: helpers, and a team."""
