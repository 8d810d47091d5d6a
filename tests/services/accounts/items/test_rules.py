"""Claims about ageing: what is owed is in one bucket, by how long it is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.items.rules import age, bucket_of

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        *((-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30")),
        *((31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90")),
        *((91, "over_90"), (4000, "over_90")),
    ],
)
def test_days_overdue_count_from_the_day_after_the_due_day(days: int, bucket: str) -> None:
    assert bucket_of(TODAY - timedelta(days=days), on=TODAY) == bucket


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 10**9))))
def test_buckets_add_up_to_what_is_owed(items: list[tuple[date, int]]) -> None:
    aged = age(items, on=TODAY)
    assert sum(aged["ageing"].values()) == sum(balance for _, balance in items)
    overdue = [due for due, _ in items if due < TODAY]
    assert aged["oldest_overdue_on"] == min(overdue, default=None)
