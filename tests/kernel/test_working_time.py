"""Claims about working time: it equals a count by the minute in any week and zone, with any holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.working_time import Stretch, WorkingTime

OFFICE = [Stretch(time(9), time(17))]
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = WorkingTime(UTC, [*[OFFICE] * 5, [], []])
MINUTE = timedelta(minutes=1)

ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
# No office opens or closes at a time that is shown twice or never.
TIMES = (
    st.integers(0, 95)
    .filter(lambda quarter: not 4 <= quarter <= 12)
    .map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
)


@st.composite
def days(draw: st.DrawFn) -> list[Stretch]:
    edges = sorted(draw(st.sets(TIMES, max_size=6)))
    closed = [Stretch(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    return [*closed, Stretch(edges[-1], time.min)] if len(edges) % 2 else closed


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    week = draw(st.lists(days(), min_size=7, max_size=7).filter(any))
    holidays = draw(st.sets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=4))
    return WorkingTime(ZoneInfo(draw(st.sampled_from(ZONES))), week, holidays.__contains__)


# Around the days on which clocks change, in both directions.
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 3, 25), datetime(2026, 4, 8)),
    st.datetimes(datetime(2026, 10, 22), datetime(2026, 11, 3)),
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC))


def count(calendar: WorkingTime, start: datetime, end: datetime) -> timedelta:
    """By looking at every minute, on the clock on the wall."""
    passed, moment = timedelta(0), start
    while moment < end:
        wall = moment.astimezone(calendar.zone)
        if not calendar.is_holiday(wall.date()):
            for stretch in calendar.week[wall.weekday()]:
                is_before = stretch.closes == time.min or wall.time() < stretch.closes
                passed += MINUTE * (stretch.opens <= wall.time() and is_before)
        moment += MINUTE
    return passed


@given(calendar=calendars(), start=MOMENTS, minutes=st.integers(0, 3 * 24 * 60))
def test_between_equals_a_count_by_the_minute(calendar, start, minutes) -> None:
    end = start + minutes * MINUTE
    assert calendar.between(start, end) == count(calendar, start, end)


@given(calendar=calendars(), start=MOMENTS, minutes=st.integers(1, 3000))
def test_after_is_the_first_moment_by_which_so_much_has_passed(calendar, start, minutes) -> None:
    end = calendar.after(start, minutes * MINUTE)
    assert calendar.between(start, end) == minutes * MINUTE
    assert calendar.between(start, end - MINUTE) == (minutes - 1) * MINUTE


@given(calendar=calendars(), moment=MOMENTS)
def test_what_is_open_is_the_stretch_that_is_next(calendar, moment) -> None:
    opens, closes = calendar.next_open(moment)
    assert moment < closes
    assert calendar.is_open(moment) == (opens <= moment)
    assert calendar.between(moment, max(opens, moment)) == timedelta(0)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)  # the 5th is a Monday


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(9, 15, 30), 4, at(12, 11, 30)),  # over a weekend
        (at(5, 9), 8, at(5, 17)),  # to the minute of closing
        (at(5, 17), 1, at(6, 10)),
        (at(10, 12), 1, at(12, 10)),
        (at(5, 12), 0, at(5, 12)),
    ],
)
def test_closed_hours_count_nothing(start: datetime, hours: int, end: datetime) -> None:
    assert WEEK.after(start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [(9, 0, 9), (9, 1, 12), (10, 0, 12), (10, 1, 13), (5, 5, 12)],
)
def test_working_days_pass_over_weekends(day: int, count: int, end: int) -> None:
    assert WEEK.add_working_days(date(2026, 1, day), count) == date(2026, 1, end)


def test_a_stretch_in_which_clocks_change_is_as_long_as_it_lasts() -> None:
    night = WorkingTime(BERLIN, [[Stretch(time(0), time(6))]] * 7)
    spring, autumn = datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)
    assert night.between(spring, spring + timedelta(days=1)) == timedelta(hours=5)
    assert night.between(autumn, autumn + timedelta(days=1)) == timedelta(hours=7)
