"""Which days are business days in a country, and where a due day moves that is none."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache

import holidays

from kernel.calendar import add_days, is_business_day


class BusinessDays(StrEnum):
    """Where a due day moves that is no business day in the client's country."""

    NONE = "none"  # it stays
    NEXT = "next"
    PREVIOUS = "previous"


def move_to_business_day(day: date, *, choice: str, country: str | None, earliest: date) -> date:
    """The day itself where it is a business day or stays what it is; else the next one, or the previous
    one if that is not before `earliest`."""
    if choice == BusinessDays.NONE:
        return day
    step = 1 if choice == BusinessDays.NEXT else -1
    found = day
    while not _is_business_day(found, country):
        found = add_days(found, step)
        if found < earliest:
            return move_to_business_day(
                day, choice=BusinessDays.NEXT, country=country, earliest=earliest
            )
    return found


def _is_business_day(day: date, country: str | None) -> bool:
    """By the country's week and public holidays; Monday to Friday where nothing is known of it."""
    calendar = _calendar(country)
    if day == date.max or calendar is None:  # the calendar ends there
        return day == date.max or is_business_day(day)
    return calendar.is_working_day(day)


@cache
def _calendar(country: str | None) -> holidays.HolidayBase | None:
    if country is None or country not in holidays.list_supported_countries():
        return None
    return holidays.country_holidays(country)
