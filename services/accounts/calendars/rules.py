"""When work is done: our hours as they changed, a client's own, and public holidays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from kernel.refusals import Invalid
from kernel.working_time import NO_TIME, Stretch, WorkingTime, no_holiday

Week = Sequence[Sequence[Stretch]]
DAYS_END = "00:00"


class Weekday(StrEnum):
    """A day of the week, in their order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on a day of the week, from one time of day to another: "09:00", and "00:00" for its end."""

    weekday: Weekday
    opens: str
    closes: str

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the week."""
        return _WEEK.index(self.weekday), self.opens


_WEEK = tuple(Weekday)


@cache
def usual_week(country: str | None) -> tuple[Hours, ...]:
    """9:00 to 17:00 on each day that is no weekend in a country; Monday to Friday where nothing is known
    of it."""
    calendar = _calendar(country)
    weekend = holidays.WEEKEND if calendar is None else calendar.weekend
    return tuple(
        Hours(weekday, "09:00", "17:00")
        for place, weekday in enumerate(_WEEK)
        if place not in weekend
    )


@dataclass(frozen=True)
class Timetable:
    """Working time whose hours have changed: (from when, the hours from then on), the earliest first,
    which is of all time before as well."""

    changes: Sequence[tuple[datetime, WorkingTime]]

    def at(self, moment: datetime) -> WorkingTime:
        """The hours that hold at a moment."""
        held = [hours for since, hours in self.changes if since <= moment]
        return held[-1] if held else self.changes[0][1]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where the end is not after the start."""
        parts = self._parts(start)
        return sum(
            (hours.between(since, min(until or end, end)) for since, until, hours in parts),
            NO_TIME,
        )

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which so much working time has passed since the start; with none of it, the
        start itself."""
        for since, until, hours in self._parts(start):
            if until is None or amount <= hours.between(since, until):
                return hours.after(since, amount)
            amount -= hours.between(since, until)
        raise AssertionError("the last hours hold for ever")

    def _parts(self, start: datetime) -> list[tuple[datetime, datetime | None, WorkingTime]]:
        """From a moment on: since when, until when (none: for ever), which hours."""
        later = [(since, hours) for since, hours in self.changes if since > start]
        begins = [(start, self.at(start)), *later]
        ends = [*(since for since, _ in later), None]
        return [(since, end, hours) for (since, hours), end in zip(begins, ends, strict=True)]


def working_time(
    week: Collection[Hours], *, zone: tzinfo, country: str | None, closed_days: Collection[date]
) -> WorkingTime:
    """The working time of hours in a zone; closed on public holidays of the country and further days."""
    is_public, closed = _is_holiday(country), frozenset(closed_days)
    return WorkingTime(zone, as_week(week), lambda day: day in closed or is_public(day))


def client_hours(
    country: str, time_zone: str, week: Collection[Mapping[str, str]] | None
) -> WorkingTime:
    """A client's hours in their zone, on their country's days; the usual ones of its week where
    nobody has said otherwise. In UTC where their zone is none any more (the IANA database drops some)."""
    if week is None:
        return _usual_hours(country, time_zone)
    return WorkingTime(_zone(time_zone), as_week(read_week(week)), _is_holiday(country))


@cache
def _usual_hours(country: str, time_zone: str) -> WorkingTime:
    return WorkingTime(_zone(time_zone), as_week(usual_week(country)), _is_holiday(country))


def as_week(week: Collection[Hours]) -> Week:
    """The stretches of each day of the week."""
    return tuple(
        tuple(
            Stretch(time.fromisoformat(one.opens), time.fromisoformat(one.closes))
            for one in _in_order(week)
            if one.weekday == weekday
        )
        for weekday in _WEEK
    )


def read_week(week: Collection[Mapping[str, str]]) -> list[Hours]:
    """The hours of a week, from how they are stored."""
    return [Hours(Weekday(one["weekday"]), one["opens"], one["closes"]) for one in week]


def keep_week(week: Collection[Mapping[str, str]], *, field: str) -> list[dict[str, str]]:
    """The hours of a week as they are stored, in their order; refused as `require_week` says."""
    hours = read_week(week)
    require_week(hours, field=field)
    return [asdict(one) for one in _in_order(hours)]


def require_week(week: Collection[Hours], *, field: str) -> None:
    """Refuse hours that end before they begin or meet others of their day."""
    ordered = _in_order(week)
    for one in ordered:
        if one.closes != DAYS_END and one.closes <= one.opens:
            raise Invalid(
                "hours_backwards",
                f"From {one.opens} to {one.closes}: it closes after it opens; 00:00 is the day's end.",
                field=field,
            )
    for one, following in pairwise(ordered):
        is_apart = one.closes != DAYS_END and one.closes < following.opens
        if one.weekday == following.weekday and not is_apart:
            raise Invalid(
                "hours_meet",
                f"{one.opens} to {one.closes} meets {following.opens} to {following.closes} of the same "
                "day; make one of them.",
                field=field,
            )


def _in_order(week: Collection[Hours]) -> list[Hours]:
    return sorted(week, key=lambda one: one.place)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _is_holiday(country: str | None) -> Callable[[date], bool]:
    """Whether a day is a public holiday in all of a country; where nothing is known of it, none is."""
    calendar = _calendar(country)
    return no_holiday if calendar is None else calendar.__contains__


@cache
def _calendar(country: str | None) -> holidays.HolidayBase | None:
    if country is None or country not in holidays.list_supported_countries():
        return None
    return holidays.country_holidays(country)
