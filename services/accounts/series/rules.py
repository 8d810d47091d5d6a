"""On which days the activities of a series are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.calendar import add_days, add_months, end_of_month, require_foreseeable
from kernel.refusals import Conflict, Invalid
from services.accounts.calendars.rules import Weekday

EVERY_MAX = 52


class Unit(StrEnum):
    """What is counted between two activities of a series."""

    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every so many weeks on a weekday, or every so many months on a day of the month (the last where a
    month has no such day), from the first such day that is not before `starts_on`, up to and with
    `until`."""

    every: int
    unit: Unit
    weekday: Weekday | None
    day_of_month: int | None
    starts_on: date
    until: date | None

    def next_after(self, day: date) -> date | None:
        """The first day of the series after this one; None where there is none any more."""
        count = self._count_until(day)
        while (found := self._day(count)) <= day or found < self.starts_on:
            count += 1
        return None if self.until is not None and found > self.until else found

    def _count_until(self, day: date) -> int:
        """How many of the series are surely over by this day."""
        days = max((day - self.starts_on).days, 0)
        return days // (self.every * (7 if self.unit == Unit.WEEKS else 31))

    def _day(self, count: int) -> date:
        if self.weekday is not None:
            ahead = (list(Weekday).index(self.weekday) - self.starts_on.weekday()) % 7
            return add_days(self.starts_on, ahead + count * self.every * 7)
        assert self.day_of_month is not None, "it is one or the other"
        first = self.starts_on.replace(day=1)
        late = min(self.day_of_month, end_of_month(first).day) < self.starts_on.day
        month = add_months(first, count * self.every + late)
        return month.replace(day=min(self.day_of_month, end_of_month(month).day))


def require_recurrence(recurrence: Recurrence, *, today: date) -> None:
    """Refuse weeks without a weekday, months without a day, and a series that is over or never begins."""
    wanted, other = (
        ("weekday", "day_of_month")
        if recurrence.unit == Unit.WEEKS
        else ("day_of_month", "weekday")
    )
    if getattr(recurrence, wanted) is None or getattr(recurrence, other) is not None:
        detail = f"Say on which {wanted} of {recurrence.unit} it is, and leave out {other}."
        raise Invalid("day_unclear", detail, field=wanted)
    require_foreseeable(recurrence.starts_on, today=today, field="starts_on")
    if recurrence.next_after(add_days(max(recurrence.starts_on, today), -1)) is None:
        detail = (
            "There is no such day until then; name a later one, or none for a series without end."
        )
        raise Invalid("series_empty", detail, field="until")


def require_running(ended_at: datetime | None) -> None:
    """Refuse to end a series that is over."""
    if ended_at is not None:
        raise Conflict("series_ended", f"The series ended at {ended_at.isoformat()}.")
