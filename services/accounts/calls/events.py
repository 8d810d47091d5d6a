"""What is announced of inbound calls of accounts; of one that nobody knows, when it is assigned."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id, Instant, Whole
from services.accounts.shapes import told

CALL: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "call_id": "cll_01jd3v4q6ye8z9t5k2m7n0p1xn",
    "contact_id": "con_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "phone": "+49301234567",
    "rung_at": "2026-03-02T09:14:05+00:00",
    "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
}


class _InboundCall(AccountEvent):
    """A call of an account."""

    call_id = Id("cll", required=True)
    contact_id = Id("con", **told("Who rang, where that is known.", allow_none=True))
    phone = fields.String(**told("Their number in E.164; null if withheld.", allow_none=True))
    rung_at = Instant(**told("When it rang."))
    staff_id = Id("stf", **told("Who answered, or whom it was for.", allow_none=True))


class CallAnswered(_InboundCall):
    """Somebody at the account rang and was answered. The minutes are the telephone's; what it costs to
    serve the account is told by activities."""

    answered_at = Instant(**told("When."))
    minutes = Whole(**told("How long it took; null where nobody said.", allow_none=True))

    says = "Call from {phone:a withheld number} answered, {minutes:no} minutes."
    example: ClassVar[dict[str, Any]] = CALL | {
        "answered_at": "2026-03-02T09:14:12+00:00",
        "minutes": 6,
    }


class CallMissed(_InboundCall):
    """Somebody at the account rang and was not answered."""

    due_at = Instant(**told("Until when they are to be called back."))

    says = "Call from {phone:a withheld number} not answered; to be called back until {due_at}."
    example: ClassVar[dict[str, Any]] = CALL | {"due_at": "2026-03-02T13:14:05+00:00"}
