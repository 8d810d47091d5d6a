"""Worklist: whom to contact today, when, why and how; one ranked list per person."""
