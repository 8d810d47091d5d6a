"""Calendar arithmetic on civil days: months that end well, due dates, business days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of the month `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; none if `last` is before `first`."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def next_business_day(day: date, holidays: Collection[date] = ()) -> date:
    """`day` itself, or the first business day after it."""
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day
