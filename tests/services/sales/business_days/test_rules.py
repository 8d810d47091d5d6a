"""Which day is so many business days away."""

from __future__ import annotations

from datetime import date

import pytest

from services.sales.business_days.rules import add_business_days


@pytest.mark.parametrize(
    ("day", "count", "country", "found"),
    [
        ("2026-03-02", 0, "DE", "2026-03-02"),
        ("2026-03-02", 1, "DE", "2026-03-03"),
        ("2026-03-06", 1, "DE", "2026-03-09"),  # over a weekend
        ("2026-04-02", 1, "DE", "2026-04-07"),  # over Easter
        ("2026-04-02", 1, None, "2026-04-03"),  # of no country we know
        ("2026-04-02", 3, "XX", "2026-04-07"),
        ("2026-03-05", 1, "AE", "2026-03-06"),  # a Friday
    ],
)
def test_so_many_business_days_later(day: str, count: int, country: str | None, found: str) -> None:
    later = add_business_days(date.fromisoformat(day), count, country=country)
    assert later == date.fromisoformat(found)
