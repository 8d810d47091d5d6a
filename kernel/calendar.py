"""Calendar arithmetic on civil days: months that end well, due dates, business days, time zones."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo


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


def day_at(moment: datetime, zone: tzinfo) -> date:
    """The civil day that it is at this moment in a time zone."""
    return moment.astimezone(zone).date()


def moment_at(day: date, at: time, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which clocks of a time zone show this time on this day. A time shown twice
    (clocks are put back) is the first; one that is skipped, the moment as long after the skip began."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
