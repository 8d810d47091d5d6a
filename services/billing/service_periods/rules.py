"""Which periods a service is billed by, and what falls on some days of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from kernel.calendar import add_days, add_months
from kernel.money import round_half_up


class Unit(StrEnum):
    """What a period is so many of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Anchor(StrEnum):
    """Where periods begin."""

    START = "start"  # on the day the service starts, and as long after it
    CALENDAR = "calendar"  # on Monday, the first of a month, of a quarter, of a year


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


class Period(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date

    def part(self, amount: int, first: date, last: date) -> int:
        """What of an amount for the whole falls on some days of it, by days, half up: what falls on its
        end from the first of them on, less what falls on its end after them. So the parts of days that
        follow one another add up to the part of all of them, and to the whole."""
        return self._end(amount, first) - self._end(amount, add_days(last, 1))

    def _end(self, amount: int, first: date) -> int:
        days, whole = ((self.last - day).days + 1 for day in (first, self.first))
        return round_half_up(Decimal(amount * days) / whole)[0]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Periods of `every` so many units."""

    start_on: date
    every: int
    unit: str
    anchor: str

    def period_of(self, day: date) -> Period:
        """The period that a day is in; not of one before the service starts."""
        number = self._number(day)
        if self._first(number) > day:  # its month has begun, and not yet this period
            number -= 1
        return Period(self._first(number), add_days(self._first(number + 1), -1))

    @property
    def _origin(self) -> date:
        if self.anchor == Anchor.START or self.unit == Unit.DAY:
            return self.start_on
        if self.unit == Unit.WEEK:
            return add_days(self.start_on, -self.start_on.weekday())
        months = _MONTHS[Unit(self.unit)]
        month = (self.start_on.month - 1) // months * months + 1
        return self.start_on.replace(month=month, day=1)

    def _number(self, day: date) -> int:
        origin, unit = self._origin, Unit(self.unit)
        if unit in _DAYS:
            return (day - origin).days // (_DAYS[unit] * self.every)
        months = (day.year - origin.year) * 12 + day.month - origin.month
        return months // (_MONTHS[unit] * self.every)

    def _first(self, number: int) -> date:
        unit, count = Unit(self.unit), number * self.every
        if unit in _DAYS:
            return add_days(self._origin, count * _DAYS[unit])
        return add_months(self._origin, count * _MONTHS[unit])
