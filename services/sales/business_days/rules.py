"""Which day is so many business days away."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

from kernel.calendar import add_days, is_business_day


def add_business_days(day: date, count: int, *, country: str | None) -> date:
    """The day so many business days after `day`; with 0, the day itself."""
    found = day
    for _ in range(count):
        found = add_days(found, 1)
        while found < date.max and not _is_business_day(found, country):
            found = add_days(found, 1)
    return found


def _is_business_day(day: date, country: str | None) -> bool:
    """By the country's week and public holidays; Monday to Friday where nothing is known of it."""
    calendar = _calendar(country)
    return is_business_day(day) if calendar is None else calendar.is_working_day(day)


@cache
def _calendar(country: str | None) -> holidays.HolidayBase | None:
    if country is None or country not in holidays.list_supported_countries():
        return None
    return holidays.country_holidays(country)
