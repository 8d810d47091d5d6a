"""Calendar arithmetic: days, and moments in time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import day_at, moment_at

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "Pacific/Kiritimati", "America/New_York")


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-01-31T22:00+00:00", "UTC", "2026-01-31"),
        ("2026-01-31T22:00+00:00", "Pacific/Auckland", "2026-02-01"),
        ("2026-01-31T22:59+00:00", "Europe/Berlin", "2026-01-31"),
        ("2026-01-31T23:00+00:00", "Europe/Berlin", "2026-02-01"),
        ("2026-02-01T04:59+00:00", "America/New_York", "2026-01-31"),
        ("2026-02-01T06:00+13:00", "UTC", "2026-01-31"),
    ],
)
def test_which_day_it_is_depends_on_where(moment: str, zone: str, day: str) -> None:
    assert str(day_at(datetime.fromisoformat(moment), ZoneInfo(zone))) == day


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        ("2026-01-31", "06:00", "UTC", "2026-01-31T06:00"),
        ("2026-01-31", "06:00", "Europe/Berlin", "2026-01-31T05:00"),
        ("2026-07-31", "06:00", "Europe/Berlin", "2026-07-31T04:00"),
        ("2026-02-01", "06:00", "Pacific/Auckland", "2026-01-31T17:00"),
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30"),  # skipped: shown as 03:30
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30"),  # twice: the first
    ],
)
def test_when_clocks_show_a_time(day: str, at: str, zone: str, moment: str) -> None:
    found = moment_at(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(
    day=st.dates(date(1971, 1, 1), date(2199, 12, 31)),
    at=st.times(),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_time_of_a_day_is_on_that_day(day: date, at: time, zone: ZoneInfo) -> None:
    if (zone.key, day) != ("Pacific/Kiritimati", date(1994, 12, 31)):  # it never was that day there
        assert day_at(moment_at(day, at, zone), zone) == day
