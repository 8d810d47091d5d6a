"""What comes in and goes out about working hours."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Code, Day, Instant, ListOf, PageQuery, Schema, Whole
from services.accounts.calendars.rules import Weekday

WEEK = {"description": "When work is done on which day of the week, apart from one another."}
CLOSED_DAYS = {
    "description": "Days on which nothing is done, beside the country's public holidays."
}
_WEEKDAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


class TimeOfDay(Code):
    """A time of day, 00:00 to 23:59."""

    pattern = "([01][0-9]|2[0-3]):[0-5][0-9]"
    remedy = "Must be a time of day, such as 09:00."
    sample = "09:00"


class HoursOfDay(Schema):
    """Open on a day of the week."""

    weekday = fields.Enum(Weekday, by_value=True, required=True)
    opens = TimeOfDay(required=True, metadata={"description": "From this time on."})
    closes = TimeOfDay(
        required=True, metadata={"description": "Until then; 00:00 is the end of the day."}
    )


class KeptHours(HoursOfDay):
    """Open on a day of the week, as it is kept."""

    weekday = fields.String(  # type: ignore[assignment]
        required=True, metadata={"description": "monday to sunday."}
    )


class SetWorkingHours(Schema):
    """When we work from now on, the whole of it."""

    week = ListOf(fields.Nested(HoursOfDay), least=1, most=35, required=True, metadata=WEEK)
    closed_days = ListOf(Day(), most=366, load_default=(), metadata=CLOSED_DAYS)

    example: ClassVar = {
        "week": [
            *({"weekday": day, "opens": "08:30", "closes": "12:00"} for day in _WEEKDAYS),
            *({"weekday": day, "opens": "13:00", "closes": "17:30"} for day in _WEEKDAYS),
        ],
        "closed_days": ["2026-12-24", "2026-12-31"],
    }


class WorkingHours(Schema):
    """When we work, or worked."""

    version = Whole(required=True, metadata={"description": "0 before anybody said when we work."})
    effective_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "From this moment on; null: from the beginning."},
    )
    week = fields.List(fields.Nested(HoursOfDay), required=True, metadata=WEEK)
    closed_days = fields.List(Day(), required=True, metadata=CLOSED_DAYS)
    country = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose public holidays are kept: the company's; null: none."},
    )
    time_zone = fields.String(
        required=True,
        metadata={"description": "IANA name: the company's, before it is known the business'."},
    )
    set_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who said so; `accounts` where the company moved."},
    )


class HistoryQuery(PageQuery):
    """A page of what held before."""
