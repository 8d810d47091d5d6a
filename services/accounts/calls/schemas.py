"""What comes in and goes out about calls."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Flag, Id, Instant, PageQuery, Schema, Whole
from services.accounts.activities.rules import MINUTES_MAX
from services.accounts.calls.rules import CALLBACK_MINUTES_MAX, PERIOD_DAYS_MAX, CallStatus
from services.accounts.contacts.schemas import Phone

PHONE = {"description": "Who rang, in E.164; null where the number was withheld."}
RUNG_AT = {"description": "When it rang."}
ANSWERED_AT = {"description": "When somebody answered; null: nobody did."}
STAFF = {"description": "Who answered; of a missed call, whom it was for."}
MINUTES = {"description": "How long it took."}
WITHIN = {"description": "In minutes of working time, from when it rang."}


class Call(Schema):
    """A call that came in."""

    call_id = Id("cll", required=True)
    version = Whole(required=True)
    account_id = Id(
        "acc",
        required=True,
        allow_none=True,
        metadata={"description": "Null: nobody knows the number, or several accounts have it."},
    )
    contact_id = Id("con", required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True, metadata=PHONE)
    status = fields.Enum(CallStatus, by_value=True, required=True)
    rung_at = Instant(required=True, metadata=RUNG_AT)
    answered_at = Instant(required=True, allow_none=True, metadata=ANSWERED_AT)
    staff_id = Id("stf", required=True, allow_none=True, metadata=STAFF)
    minutes = Whole(required=True, allow_none=True, metadata=MINUTES)
    due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Until when they are to be called back."},
    )
    called_back_at = Instant(required=True, allow_none=True)
    called_back_by = fields.String(required=True, allow_none=True)
    recorded_by = fields.String(required=True)
    recorded_at = Instant(required=True)
    assigned_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who said by hand whose it is."}
    )
    assigned_at = Instant(required=True, allow_none=True)


class RecordCall(Schema):
    """A call that came in, as the telephone system tells it."""

    phone = Phone(load_default=None, allow_none=True, metadata=PHONE)
    rung_at = Instant(required=True, metadata=RUNG_AT)
    answered_at = Instant(load_default=None, allow_none=True, metadata=ANSWERED_AT)
    staff_id = Id(
        "stf",
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Who answered, or whom it was for. If left out: of a call that was answered "
            "the person who tells of it, of one that was missed the account's owner."
        },
    )
    minutes = Whole(most=MINUTES_MAX, load_default=None, allow_none=True, metadata=MINUTES)
    account_id = Id(
        "acc",
        load_default=None,
        allow_none=True,
        metadata={"description": "Whose call it was, if that is known; else the number says it."},
    )
    contact_id = Id(
        "con",
        load_default=None,
        allow_none=True,
        metadata={"description": "Who rang, with `account_id`."},
    )

    example: ClassVar = {"phone": "+353 1 234 5678", "rung_at": "2026-03-02T08:14:05Z"}


class CallId(Schema):
    """One call."""

    call_id = Id("cll", required=True)


class CallQuery(PageQuery):
    """Which calls to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.Enum(
        CallStatus, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    is_assigned = Flag(
        load_default=None,
        metadata={"description": "false: only those of which nobody knows whose they are."},
    )


class AssignCall(Schema):
    """Whose call it was."""

    call_id = Id("cll", required=True)
    account_id = Id("acc", required=True)
    contact_id = Id("con", load_default=None, allow_none=True)

    example: ClassVar = {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"}


class CallBack(Schema):
    """That somebody was called back."""

    call_id = Id("cll", required=True)
    at = Instant(load_default=None, metadata={"description": "When; now if left out."})

    example: ClassVar = {"at": "2026-03-02T09:00:00Z"}


class FigureQuery(Schema):
    """Which days to count."""

    since = Day(required=True, metadata={"description": "The first day."})
    until = Day(
        required=True,
        metadata={"description": f"The last day, at most {PERIOD_DAYS_MAX} days in all."},
    )


class CallFigure(Schema):
    """The calls of one person in one hour of the day."""

    staff_id = Id(
        "stf", required=True, allow_none=True, metadata={"description": "Null: nobody's."}
    )
    staff_name = fields.String(required=True, allow_none=True)
    hour = Whole(required=True, metadata={"description": "9 is from 9:00 to 10:00, business time."})
    calls = Whole(required=True)
    answered = Whole(required=True)
    missed = Whole(required=True, metadata={"description": "Called back or not."})
    called_back_in_time = Whole(required=True)
    seconds_median = Whole(
        required=True,
        allow_none=True,
        metadata={"description": "Half of those that were answered, were within so many seconds."},
    )
    seconds_90th = Whole(
        required=True, allow_none=True, metadata={"description": "As the median, nine of ten."}
    )


class CallFigures(Schema):
    """Calls by person and hour of the day."""

    since = Day(required=True)
    until = Day(required=True)
    items = fields.List(fields.Nested(CallFigure), required=True)


class CallbackTimes(Schema):
    """How soon accounts of each tier are called back."""

    key_minutes = Whole(required=True, least=1, most=CALLBACK_MINUTES_MAX, metadata=WITHIN)
    standard_minutes = Whole(required=True, least=1, most=CALLBACK_MINUTES_MAX, metadata=WITHIN)
    small_minutes = Whole(required=True, least=1, most=CALLBACK_MINUTES_MAX, metadata=WITHIN)

    example: ClassVar = {"key_minutes": 60, "standard_minutes": 240, "small_minutes": 480}
