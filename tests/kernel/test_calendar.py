"""Claims about calendar arithmetic: it ends well in every month, and overflows for no day there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kernel.calendar import (
    FIRST_DAY,
    FIRST_INSTANT,
    LAST_DAY,
    LAST_INSTANT,
    YEARS_AHEAD_MAX,
    add_days,
    add_months,
    day_at,
    each_day,
    end_of_month,
    is_business_day,
    moment_at,
    next_business_day,
    next_day_of_month,
    next_weekday,
    require_foreseeable,
)
from kernel.refusals import Invalid

DAYS = st.dates()  # from date.min to date.max
COUNTS = st.integers(-(10**12), 10**12)
TODAY = date(2026, 2, 28)
ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "Pacific/Kiritimati", "America/New_York")


@given(DAYS, COUNTS)
@example(date.max, 1)
@example(date.min, -1)
@example(date(9999, 12, 31), 0)
def test_a_day_is_so_many_days_later_or_the_last_there_is(day: date, days: int) -> None:
    later = add_days(day, days)

    if later not in {date.min, date.max}:
        assert (later - day).days == days
    elif later == date.max:
        assert days >= (date.max - day).days
    else:
        assert days <= (date.min - day).days


@given(DAYS, st.integers(-(10**6), 10**6))
@example(date.max, 1)
@example(date.min, -1)
@example(date(9999, 11, 30), 1)
@example(date(1, 1, 31), -1)
def test_months_end_on_the_same_day_or_on_their_last(day: date, months: int) -> None:
    later = add_months(day, months)

    if later not in {date.min, date.max}:
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == min(day.day, end_of_month(later).day)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(9999, 12, 30), 1, date.max),
        (date(9999, 12, 30), 0, date(9999, 12, 30)),
        (date(1, 1, 2), -1, date.min),
        (date(1, 1, 2), 0, date(1, 1, 2)),
    ],
)
def test_months_are_added_as_people_count_them(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@given(DAYS)
def test_a_month_ends_before_the_next_begins(day: date) -> None:
    last = end_of_month(day)

    assert day <= last
    assert (last.year, last.month) == (day.year, day.month)
    assert last == date.max or (last + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 31))
@example(date(9999, 12, 31), 1)
def test_the_next_such_day_of_a_month_is_within_a_month(day: date, number: int) -> None:
    found = next_day_of_month(day, number)

    assert found == date.max or 0 <= (found - day).days <= 31
    assert found.day == number or found == end_of_month(found)


@given(DAYS, st.integers(0, 6))
def test_the_next_such_day_of_the_week_is_within_a_week(day: date, weekday: int) -> None:
    found = next_weekday(day, weekday)

    assert found == date.max or found.weekday() == weekday
    assert 0 <= (found - day).days < 7


@given(DAYS, st.integers(-5, 40))
def test_each_day_comes_once_and_in_order(first: date, count: int) -> None:
    last = add_days(first, count)
    days = list(each_day(first, last))

    assert days == sorted(set(days))
    assert len(days) == max(0, (last - first).days + 1)
    assert not days or (days[0], days[-1]) == (first, last)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [(date(2026, 2, 27), True), (date(2026, 2, 28), False), (date(2026, 3, 1), False)],
)
def test_saturday_sunday_and_holidays_are_no_business_days(day: date, is_one: bool) -> None:
    assert is_business_day(day) is is_one
    assert not is_business_day(day, [day])


@given(DAYS, st.sets(st.dates(), max_size=3))
@example(date.max, {date.max})
def test_the_next_business_day_is_the_first_from_a_day_on(day: date, holidays: set[date]) -> None:
    found = next_business_day(day, holidays)

    assert found >= day
    assert found == date.max or is_business_day(found, holidays)
    assert not any(is_business_day(one, holidays) for one in each_day(day, found) if one != found)


@pytest.mark.parametrize(
    ("day", "holidays", "found"),
    [
        (date(2026, 3, 2), [], date(2026, 3, 2)),
        (date(2026, 2, 28), [], date(2026, 3, 2)),
        (date(2026, 2, 28), [date(2026, 3, 2)], date(2026, 3, 3)),
        (date(2026, 12, 25), [date(2026, 12, 25), date(2026, 12, 28)], date(2026, 12, 29)),
    ],
)
def test_weekends_and_holidays_are_passed_over(
    day: date, holidays: list[date], found: date
) -> None:
    assert next_business_day(day, holidays) == found


def test_what_comes_in_from_outside_is_of_these_three_centuries() -> None:
    assert (date(1900, 1, 1), date(2200, 12, 31)) == (FIRST_DAY, LAST_DAY)
    assert datetime(1900, 1, 1, tzinfo=UTC) == FIRST_INSTANT
    assert datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC) == LAST_INSTANT
    assert datetime.max.replace(tzinfo=timezone(-timedelta(hours=23))) > LAST_INSTANT


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (TODAY, date(2076, 2, 28)),
        (date(2024, 2, 29), date(2074, 2, 28)),
        (date(9990, 1, 1), date.max),
    ],
)
def test_a_day_is_at_most_so_many_years_ahead(today: date, latest: date) -> None:
    assert YEARS_AHEAD_MAX == 50
    require_foreseeable(latest, today=today, field="due_date")
    require_foreseeable(date.min, today=today, field="due_date")
    if latest < date.max:
        with pytest.raises(Invalid, match=f"more than 50 years ahead; give {latest}") as refused:
            require_foreseeable(latest + timedelta(days=1), today=today, field="due_date")
        assert refused.value.code == "too_far_ahead"
        assert refused.value.errors[0]["field"] == "due_date"


@given(st.dates(FIRST_DAY, LAST_DAY), st.dates(FIRST_DAY, LAST_DAY))
def test_a_day_is_foreseeable_or_refused(day: date, today: date) -> None:
    try:
        require_foreseeable(day, today=today, field="due_date")
    except Invalid:
        assert (day.year - today.year) >= YEARS_AHEAD_MAX
    else:
        assert (day.year - today.year) <= YEARS_AHEAD_MAX


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
