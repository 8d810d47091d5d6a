"""Working time: how much of it lies between two moments, and when so much of it will have passed.

It is made of stretches on the clocks of one time zone, the same every week, and none on holidays. Closed
hours, days and nights count nothing. A stretch in which clocks are put forward or back is as long as it
lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from kernel.calendar import add_days, day_at, moment_at

NO_TIME = timedelta(0)
DAYS_LOOKED_AT = 3660  # ten years without an open hour are a mistake in the calendar


def no_holiday(_: date) -> bool:
    """Where every day is a day."""
    return False


@dataclass(frozen=True)
class Stretch:
    """Open from one time of day to a later one; midnight as the end is the end of the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        assert self.closes == time.min or self.opens < self.closes, "it closes after it opens"


@dataclass(frozen=True)
class WorkingTime:
    """When work is done: for each weekday, Monday first, the stretches of its day, in order and apart.
    At least one day of the week has one."""

    zone: tzinfo
    week: Sequence[Sequence[Stretch]]
    is_holiday: Callable[[date], bool] = no_holiday

    def __post_init__(self) -> None:
        assert len(self.week) == 7 and any(self.week), "seven days, and an hour in them"

    def is_open(self, moment: datetime) -> bool:
        """Whether work is done at this moment; the moment it closes is outside."""
        return any(opens <= moment < closes for opens, closes in self._hours(self._day(moment)))

    def next_open(self, moment: datetime) -> tuple[datetime, datetime]:
        """The stretch that is open at this moment, or the first one after it: from when to when."""
        for opens, closes in self._hours_from(self._day(moment)):
            if moment < closes:
                return opens, closes
        raise AssertionError(f"nothing is open in the {DAYS_LOOKED_AT} days after {moment}")

    def is_working_day(self, day: date) -> bool:
        """Whether anything is open on this day."""
        return bool(self.week[day.weekday()]) and not self.is_holiday(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The working day so many after this one; with 0 the day itself, or the first one after it."""
        while not self.is_working_day(day):
            day = add_days(day, 1)
        for _ in range(count):
            day = add_days(day, 1)
            while not self.is_working_day(day):
                day = add_days(day, 1)
        return day

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where the end is not after the start."""
        passed, day, last = NO_TIME, self._day(start), self._day(end)
        while day <= last:
            for opens, closes in self._hours(day):
                passed += max(min(closes, end) - max(opens, start), NO_TIME)
            day = add_days(day, 1)
        return passed

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which so much working time has passed since the start; with none of it, the
        start itself."""
        if amount <= NO_TIME:
            return start
        left = amount
        for opens, closes in self._hours_from(self._day(start)):
            length = max(closes - max(opens, start), NO_TIME)
            if left <= length:
                return max(opens, start) + left
            left -= length
        raise AssertionError(f"{amount} do not pass in the {DAYS_LOOKED_AT} days after {start}")

    def _day(self, moment: datetime) -> date:
        return day_at(moment, self.zone)

    def _hours_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(DAYS_LOOKED_AT):
            yield from self._hours(add_days(day, offset))

    def _hours(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.is_holiday(day):
            return
        for stretch in self.week[day.weekday()]:
            ends_on = day if stretch.closes != time.min else add_days(day, 1)
            opens = moment_at(day, stretch.opens, self.zone)
            yield opens, max(opens, moment_at(ends_on, stretch.closes, self.zone))
