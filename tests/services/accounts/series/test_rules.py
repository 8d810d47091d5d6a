"""Claims about series: on which days they are, and that they come to an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.accounts.calendars.rules import Weekday
from services.accounts.series.rules import (
    Recurrence,
    Unit,
    require_recurrence,
    require_running,
)

START = date(2026, 1, 5)  # a Monday
ONE = timedelta(days=1)


def weeks(
    every: int, weekday: str, starts_on: date = START, until: date | None = None
) -> Recurrence:
    return Recurrence(every, Unit.WEEKS, Weekday(weekday), None, starts_on, until)


def months(every: int, day: int, starts_on: date = START, until: date | None = None) -> Recurrence:
    return Recurrence(every, Unit.MONTHS, None, day, starts_on, until)


def days_of(recurrence: Recurrence, count: int) -> list[str]:
    found, day = [], recurrence.starts_on - ONE
    while len(found) < count and (following := recurrence.next_after(day)) is not None:
        day = following
        found.append(day.isoformat())
    return found


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [
        (weeks(1, "monday"), ["2026-01-05", "2026-01-12", "2026-01-19"]),
        (weeks(2, "friday"), ["2026-01-09", "2026-01-23", "2026-02-06"]),
        (weeks(3, "sunday"), ["2026-01-11", "2026-02-01", "2026-02-22"]),
        (months(1, 31), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (months(3, 5), ["2026-01-05", "2026-04-05", "2026-07-05"]),
        (months(1, 4), ["2026-02-04", "2026-03-04", "2026-04-04"]),  # January's was before
        (weeks(1, "tuesday", until=date(2026, 1, 13)), ["2026-01-06", "2026-01-13"]),
        (months(12, 29, date(2024, 2, 29)), ["2024-02-29", "2025-02-28", "2026-02-28"]),
    ],
)
def test_a_series_is_on_its_days(recurrence: Recurrence, days: list[str]) -> None:
    assert days_of(recurrence, 3) == days


dates = st.dates(date(2020, 1, 1), date(2060, 1, 1))
recurrences = st.builds(
    weeks, st.integers(1, 52), st.sampled_from(Weekday), dates, st.none() | dates
) | st.builds(months, st.integers(1, 52), st.integers(1, 31), dates, st.none() | dates)


@given(recurrences, dates)
def test_the_next_is_the_first_of_all_its_days_that_is_later(
    recurrence: Recurrence, day: date
) -> None:
    found = recurrence.next_after(day)
    following = recurrence.starts_on - ONE
    while following <= day and following is not None:
        later = recurrence.next_after(following)
        if later is None:
            assert found is None
            return
        following = later
    assert found == following or day < recurrence.starts_on


@given(recurrences, st.integers(0, 40))
def test_two_of_a_series_are_as_far_apart_as_was_said(recurrence: Recurrence, count: int) -> None:
    days = [date.fromisoformat(one) for one in days_of(recurrence, count)]
    for one, other in pairwise(days):
        if recurrence.weekday is not None:
            assert (other - one).days == 7 * recurrence.every
            assert other.strftime("%A").lower() == recurrence.weekday
        else:
            assert (other.year - one.year) * 12 + other.month - one.month == recurrence.every
            ends = (other + ONE).day == 1
            assert other.day == recurrence.day_of_month or ends
    assert all(recurrence.starts_on <= one <= (recurrence.until or one) for one in days)


@pytest.mark.parametrize(
    ("recurrence", "code", "field"),
    [
        (Recurrence(1, Unit.WEEKS, None, None, START, None), "day_unclear", "weekday"),
        (Recurrence(1, Unit.WEEKS, Weekday.MONDAY, 3, START, None), "day_unclear", "weekday"),
        (Recurrence(1, Unit.MONTHS, None, None, START, None), "day_unclear", "day_of_month"),
        (weeks(1, "monday", until=START - ONE), "series_empty", "until"),
        (weeks(1, "friday", until=START + ONE), "series_empty", "until"),
        (weeks(1, "friday", starts_on=date(2099, 1, 1)), "too_far_ahead", "starts_on"),
    ],
)
def test_a_series_that_never_is_or_says_no_day_is_refused(
    recurrence: Recurrence, code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        require_recurrence(recurrence, today=START)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


def test_a_series_that_comes_is_taken() -> None:
    require_recurrence(weeks(1, "friday", until=date(2026, 1, 9)), today=START)
    require_recurrence(months(6, 31), today=START)


def test_a_series_ends_once() -> None:
    require_running(None)
    with pytest.raises(Conflict, match="ended at 2026-01-05"):
        require_running(datetime(2026, 1, 5, tzinfo=UTC))
