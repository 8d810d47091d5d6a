"""How many copies of documents go out to one account in a day: STEWARD_COPIES_PER_DAY."""

from __future__ import annotations

import os
from functools import cache

from services.billing.documents.rules import COPIES_PER_DAY


@cache
def copies_per_day() -> int:
    """The setting, read once; ValueError says what it is to be."""
    text = os.environ.get("STEWARD_COPIES_PER_DAY") or str(COPIES_PER_DAY)
    if not (text.isascii() and text.isdigit() and int(text) <= 1000):
        raise ValueError(f"STEWARD_COPIES_PER_DAY is a number from 0 to 1000, and this is {text}.")
    return int(text)
