"""How old what is owed is, in the buckets that billing uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

BUCKETS: Mapping[str, int] = {"1-30": 1, "31-60": 31, "61-90": 61, "over_90": 91}
"""From how many days past the due day on; below the first nothing is overdue."""


def bucket_of(due_date: date, *, on: date) -> str:
    """The bucket of what was due on a day, as of another."""
    days = (on - due_date).days
    reached = [name for name, first in BUCKETS.items() if days >= first]
    return reached[-1] if reached else "current"


def age(items: Iterable[tuple[date, int]], *, on: date) -> dict[str, Any]:
    """What is owed by bucket, from the due day and balance of each item, and the oldest due day of what
    is overdue."""
    ageing = dict.fromkeys(["current", *BUCKETS], 0)
    oldest = None
    for due_date, balance in items:
        ageing[bucket_of(due_date, on=on)] += balance
        if due_date < on:
            oldest = min(oldest or due_date, due_date)
    return {"ageing": ageing, "oldest_overdue_on": oldest}
