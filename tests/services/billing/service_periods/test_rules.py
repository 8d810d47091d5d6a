"""Which periods a service is billed by, and what falls on some days of one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.service_periods.rules import Anchor, Period, Rhythm, Unit


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start_on", "every", "unit", "anchor", "firsts"),
    [
        ("2026-01-31", 1, "month", "start", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"),
        ("2028-01-31", 1, "month", "start", "2028-01-31 2028-02-29 2028-03-31 2028-04-30"),
        ("2026-01-31", 2, "month", "start", "2026-01-31 2026-03-31 2026-05-31"),
        ("2026-03-12", 1, "month", "calendar", "2026-03-01 2026-04-01 2026-05-01"),
        ("2026-03-12", 1, "quarter", "start", "2026-03-12 2026-06-12"),
        ("2026-03-12", 1, "quarter", "calendar", "2026-01-01 2026-04-01"),
        ("2026-11-12", 2, "quarter", "calendar", "2026-10-01 2027-04-01"),
        ("2028-02-29", 1, "year", "start", "2028-02-29 2029-02-28 2030-02-28"),
        ("2026-03-12", 1, "year", "calendar", "2026-01-01 2027-01-01"),
        ("2026-03-12", 1, "week", "start", "2026-03-12 2026-03-19"),
        ("2026-03-12", 2, "week", "calendar", "2026-03-09 2026-03-23"),
        ("2026-03-12", 10, "day", "start", "2026-03-12 2026-03-22 2026-04-01"),
        ("2026-03-12", 1, "day", "calendar", "2026-03-12 2026-03-13"),
    ],
)
def test_periods_begin_with_the_start_or_with_the_calendar(start_on, every, unit, anchor, firsts):
    rhythm = Rhythm(day(start_on), every, unit, anchor)
    found, next_day = [], day(start_on)
    for _ in firsts.split():
        period = rhythm.period_of(next_day)
        found.append(str(period.first))
        next_day = period.last + timedelta(days=1)
    assert found == firsts.split()


MARCH, SEPTEMBER, OCTOBER = (
    Period(day("2026-03-01"), day("2026-03-31")),
    Period(day("2026-09-01"), day("2026-09-30")),
    Period(day("2026-10-01"), day("2026-10-31")),
)


@pytest.mark.parametrize(
    ("period", "amount", "first", "last", "part"),
    [
        (MARCH, 29900, 12, 31, 19290),
        (MARCH, 39900, 12, 31, 25742),
        (MARCH, 29900, 1, 11, 10610),
        (MARCH, 29900, 1, 31, 29900),
        (SEPTEMBER, 19999, 11, 19, 6000),
        (SEPTEMBER, 19999, 11, 30, 13333),
        (OCTOBER, 19999, 3, 31, 18709),
        (SEPTEMBER, 101, 16, 30, 51),  # half up, so what comes before is the other half
        (SEPTEMBER, 101, 1, 15, 50),
    ],
)
def test_a_part_is_by_days_half_up(period, amount, first, last, part):
    days = [period.first.replace(day=number) for number in (first, last)]
    assert period.part(amount, *days) == part


RHYTHMS = st.builds(
    Rhythm,
    st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    st.integers(1, 9),
    st.sampled_from(list(Unit)),
    st.sampled_from(list(Anchor)),
)


@given(RHYTHMS, st.integers(0, 5000))
def test_each_day_is_in_one_period_and_periods_follow_one_another(rhythm, days):
    found = rhythm.period_of(rhythm.start_on + timedelta(days=days))
    assert found.first <= rhythm.start_on + timedelta(days=days) <= found.last
    assert rhythm.period_of(found.last) == found
    following = rhythm.period_of(found.last + timedelta(days=1))
    assert following.first == found.last + timedelta(days=1)
    assert rhythm.period_of(following.first) == following


@given(RHYTHMS, st.integers(0, 10**15), st.lists(st.integers(1, 400), max_size=5))
def test_parts_that_follow_one_another_add_up_to_the_whole(rhythm, amount, cuts):
    period = rhythm.period_of(rhythm.start_on)
    firsts = sorted(
        {period.first}
        | {each for cut in cuts if (each := period.first + timedelta(days=cut)) <= period.last}
    )
    lasts = [*(first - timedelta(days=1) for first in firsts[1:]), period.last]
    parts = [period.part(amount, *days) for days in zip(firsts, lasts, strict=True)]
    assert sum(parts) == amount
    assert min(parts) >= 0
