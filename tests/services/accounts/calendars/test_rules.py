"""When work is done: hours of a week, holidays, and hours that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.refusals import Invalid
from kernel.working_time import Stretch
from services.accounts.calendars import rules
from services.accounts.calendars.rules import (
    Hours,
    Timetable,
    Weekday,
    client_hours,
    usual_week,
)

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)


def hours(*texts: str) -> list[Hours]:
    return [
        Hours(Weekday(weekday), opens, closes)
        for weekday, opens, closes in (text.split() for text in texts)
    ]


@pytest.mark.parametrize(
    ("week", "code"),
    [
        (hours("monday 09:00 09:00"), "hours_backwards"),
        (hours("monday 17:00 09:00"), "hours_backwards"),
        (hours("monday 09:00 12:00", "monday 11:00 17:00"), "hours_meet"),
        (hours("monday 13:00 17:00", "monday 09:00 13:00"), "hours_meet"),
        (hours("monday 09:00 00:00", "monday 23:00 00:00"), "hours_meet"),
    ],
)
def test_hours_of_a_day_end_after_they_begin_and_are_apart(week: list[Hours], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.require_week(week, field="week")
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "week")


@pytest.mark.parametrize(
    "week",
    [
        usual_week(None),
        hours("monday 13:00 17:00", "monday 09:00 12:00"),
        hours("monday 00:00 00:00", "tuesday 00:00 00:00"),
        hours("monday 09:00 12:00", "sunday 11:00 17:00"),
    ],
)
def test_hours_are_in_any_order_and_may_end_with_the_day(week: list[Hours]) -> None:
    rules.require_week(week, field="week")


def test_stretches_of_a_day_are_in_their_order() -> None:
    monday, *others = rules.as_week(hours("monday 13:00 00:00", "monday 09:00 12:00"))
    assert monday == (Stretch(time(9), time(12)), Stretch(time(13), time.min))
    assert others == [()] * 6


@pytest.mark.parametrize(
    ("country", "day", "is_open"),
    [
        ("DE", date(2026, 12, 25), False),
        ("DE", date(2026, 11, 26), True),
        ("US", date(2026, 11, 26), False),
        ("XX", date(2026, 12, 25), True),
        ("DE", date(2026, 11, 29), False),
        ("XX", date(2026, 11, 29), False),
        ("SA", date(2026, 11, 27), False),
        ("SA", date(2026, 11, 29), True),
        ("BN", date(2026, 11, 28), True),
    ],
)
def test_a_client_is_closed_on_the_holidays_and_weekends_of_their_country(
    country: str, day: date, is_open: bool
) -> None:
    assert client_hours(country, "Europe/Berlin", None).is_working_day(day) == is_open


def test_a_client_has_hours_of_their_own_in_their_zone() -> None:
    week = [{"weekday": "monday", "opens": "07:00", "closes": "11:00"}]
    own = client_hours("IN", "Asia/Kolkata", week)
    assert own.next_open(MONDAY) == (
        MONDAY.replace(hour=1, minute=30),
        MONDAY.replace(hour=5, minute=30),
    )


def test_hours_that_change_count_what_has_passed_by_those_of_then() -> None:
    def whole(week: list[Hours]) -> rules.WorkingTime:
        return rules.working_time(week, zone=ZoneInfo("UTC"), country=None, closed_days=())

    noon = MONDAY.replace(hour=12)
    timetable = Timetable(
        [
            (MONDAY - timedelta(days=30), whole(list(usual_week(None)))),
            (noon, whole(hours("monday 14:00 15:00", "tuesday 10:00 16:00"))),
        ]
    )
    assert timetable.between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=4)
    assert timetable.between(MONDAY, noon) == timedelta(hours=3)
    assert timetable.between(noon, MONDAY) == timedelta()
    assert timetable.after(MONDAY, timedelta(hours=3)) == noon
    assert timetable.after(MONDAY, timedelta(hours=5)) == MONDAY + timedelta(days=1, hours=11)
    assert timetable.after(MONDAY, timedelta()) == MONDAY
    assert timetable.at(MONDAY - timedelta(days=60)) is timetable.at(MONDAY)


@pytest.mark.parametrize("time_zone", ["US/Pacific-New", "America", "../etc", ""])
def test_a_zone_that_is_none_any_more_is_utc(time_zone: str) -> None:
    assert client_hours("US", time_zone, None).zone == UTC
