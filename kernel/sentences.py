"""Sentences that are made of words of ours and of others."""

from __future__ import annotations

ENDS = (".", "?", "!", "…")


def end_sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith(ENDS) else f"{text}."
