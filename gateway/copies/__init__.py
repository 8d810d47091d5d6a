"""Copies: whether what services keep of one another's facts is as its owners have it, and made so."""
