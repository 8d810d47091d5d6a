"""Diaries: what somebody has planned and when they are away, for their calendar."""
