"""What comes in and goes out about series."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Instant, ListOf, OneLine, PageQuery, Schema, Whole
from services.accounts.activities.rules import (
    CONTACTS_MAX,
    MINUTES_MAX,
    PLANNED_MINUTES,
    SUBJECT_MAX,
    ActivityKind,
)
from services.accounts.activities.schemas import CONTACTS, SUBJECT
from services.accounts.calendars.rules import Weekday
from services.accounts.calendars.schemas import TimeOfDay
from services.accounts.series.rules import EVERY_MAX, Unit

EVERY = {"description": "1 is each week or month, 2 every other one."}
WEEKDAY = {"description": "Of weeks: the day of the week. Null for months."}
DAY_OF_MONTH = {
    "description": "Of months: the day, or the last where there is none. Null for weeks."
}
TIME_OF_DAY = {"description": "When it begins, on the business' clocks."}
STARTS_ON = {"description": "None is before this day; today if left out."}
UNTIL = {"description": "None is after this day; null: until somebody ends the series."}
OWNER = {"description": "Whose they are; null: whoever owns the account then."}


class Clock(TimeOfDay):
    """A time of day, as a time and not as text."""

    def read(self, value: Any) -> Any:
        return time.fromisoformat(super().read(value))

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        return value.strftime("%H:%M")


class Series(Schema):
    """Activities that come again. The next is planned when the last has its outcome."""

    series_id = Id("ser", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    subject = fields.String(required=True, metadata=SUBJECT)
    owner_id = Id("stf", required=True, allow_none=True, metadata=OWNER)
    contact_ids = fields.List(Id("con"), required=True, metadata=CONTACTS)
    minutes = Whole(required=True)
    time_of_day = Clock(required=True, metadata=TIME_OF_DAY)
    every = Whole(required=True, metadata=EVERY)
    unit = fields.Enum(Unit, by_value=True, required=True)
    weekday = fields.Enum(Weekday, by_value=True, required=True, allow_none=True, metadata=WEEKDAY)
    day_of_month = Whole(required=True, allow_none=True, metadata=DAY_OF_MONTH)
    starts_on = Day(required=True, metadata=STARTS_ON)
    until = Day(required=True, allow_none=True, metadata=UNTIL)
    begun_by = fields.String(required=True)
    ended_by = fields.String(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)


class BeginSeries(Schema):
    """Activities that are to come again."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    subject = OneLine(longest=SUBJECT_MAX, required=True, metadata=SUBJECT)
    owner_id = Id("stf", load_default=None, allow_none=True, metadata=OWNER)
    contact_ids = ListOf(Id("con"), most=CONTACTS_MAX, load_default=(), metadata=CONTACTS)
    minutes = Whole(least=1, most=MINUTES_MAX, load_default=PLANNED_MINUTES)
    time_of_day = Clock(required=True, metadata=TIME_OF_DAY)
    every = Whole(least=1, most=EVERY_MAX, load_default=1, metadata=EVERY)
    unit = fields.Enum(Unit, by_value=True, required=True)
    weekday = fields.Enum(
        Weekday, by_value=True, load_default=None, allow_none=True, metadata=WEEKDAY
    )
    day_of_month = Whole(
        least=1, most=31, load_default=None, allow_none=True, metadata=DAY_OF_MONTH
    )
    starts_on = Day(load_default=None, metadata=STARTS_ON)
    until = Day(load_default=None, allow_none=True, metadata=UNTIL)

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "visit",
        "subject": "Quarterly visit",
        "unit": "months",
        "every": 3,
        "day_of_month": 1,
        "time_of_day": "10:00",
    }


class SeriesQuery(PageQuery):
    """Which series to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})


class SeriesId(Schema):
    """One series."""

    series_id = Id("ser", required=True)
