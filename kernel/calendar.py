"""Calendar arithmetic on civil days: months, business days, time zones, and which days are let in.

It overflows for no day there is: what would lie beyond the calendar's end is its last day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo

from kernel.refusals import Invalid

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""What comes in from outside lies between these; another year is a slip of the pen."""
FIRST_INSTANT = datetime.combine(FIRST_DAY, time.min, UTC)
LAST_INSTANT = datetime.combine(LAST_DAY, time(23, 59, 59), UTC)
YEARS_AHEAD_MAX = 50


def add_days(day: date, days: int) -> date:
    """The day so many days later; the calendar's last or first where there is no such day."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is none, and the
    calendar's last or first where there is no such month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of the month `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_day_of_month(day: date, number: int) -> date:
    """`day` itself, or the first day after it that is this one of its month; the month's last where the
    month has no such day."""
    found = _day_of_month(day, number)
    if found >= day:
        return found
    following = add_months(day.replace(day=1), 1)
    return max(following, _day_of_month(following, number))


def next_weekday(day: date, weekday: int) -> date:
    """`day` itself, or the first day after it that is this one of its week; 0 is Monday."""
    return add_days(day, (weekday - day.weekday()) % 7)


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; none if `last` is before `first`."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def next_business_day(day: date, holidays: Collection[date] = ()) -> date:
    """`day` itself, or the first business day after it."""
    while day < date.max and not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day


def _day_of_month(day: date, number: int) -> date:
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def day_at(moment: datetime, zone: tzinfo) -> date:
    """The civil day that it is at this moment in a time zone."""
    return moment.astimezone(zone).date()


def moment_at(day: date, at: time, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which clocks of a time zone show this time on this day. A time shown twice
    (clocks are put back) is the first; one that is skipped, the moment as long after the skip began."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def require_foreseeable(day: date, *, today: date, field: str) -> None:
    """Nothing is agreed for a day that nobody who agrees will see; Invalid otherwise."""
    latest = add_months(today, 12 * YEARS_AHEAD_MAX)
    if day > latest:
        raise Invalid(
            "too_far_ahead",
            f"{field} is {day}, more than {YEARS_AHEAD_MAX} years ahead; give {latest} or earlier.",
            field=field,
        )
