"""What is announced of cases."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Instant, Minor, Whole
from services.accounts.cases.rules import AboutKind, CaseStatus
from services.accounts.clocks.rules import Clock, Kind, Priority
from services.accounts.shapes import told

_CASE: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "case_id": "cas_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "version": 1,
    "number": "C-000017",
    "kind": "complaint",
    "priority": "normal",
    "status": "received",
    "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "subject": "Two of the lamps came broken.",
    "about_kind": "order",
    "about_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xj",
    "about_number": "O-000042",
    "received_at": "2026-04-03T13:30:00+00:00",
}
_MOVE: dict[str, Any] = {
    "from_status": "received",
    "to_status": "acknowledged",
    "note": "Two lamps of the order arrived broken.",
    "moved_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "moved_at": "2026-04-07T08:00:00+00:00",
}


class CaseSnapshot(AccountEvent):
    """A case as it is after the event. Keep the one with the highest `version`."""

    case_id = Id("cas", required=True)
    version = Whole(**told("Grows with every change of the case."))
    number = fields.String(**told("The number people read."))
    kind = fields.Enum(Kind, by_value=True, **told("What the client brings up."))
    priority = fields.Enum(Priority, by_value=True, **told("How pressing it is."))
    status = fields.Enum(CaseStatus, by_value=True, **told("Where it stands."))
    owner_id = Id("stf", **told("Who looks after it."))
    subject = fields.String(**told("What it is about, in the client's words."))
    about_kind = fields.Enum(
        AboutKind, by_value=True, **told("What it is about; null: nothing.", allow_none=True)
    )
    about_id = fields.String(**told("That thing's id.", allow_none=True))
    about_number = fields.String(**told("That thing's number.", allow_none=True))
    received_at = Instant(**told("When the client brought it up."))


class CaseOpened(CaseSnapshot):
    """A client brought something up."""

    says = "Case {number} opened ({kind}): {subject}"
    example: ClassVar[dict[str, Any]] = _CASE


class CaseMove(CaseSnapshot):
    """A case went from one state to another."""

    from_status = fields.Enum(CaseStatus, by_value=True, **told("Where it stood."))
    to_status = fields.Enum(CaseStatus, by_value=True, **told("Where it stands."))
    note = fields.String(**told("What was said to it.", allow_none=True))
    moved_by = fields.String(**told("Who did it."))
    moved_at = Instant(**told("When it was done."))


class CaseMoved(CaseMove):
    """A case went on: it was acknowledged, diagnosed, proposed, approved, accepted, executed or
    confirmed, waits for the client or does no longer, or is a duplicate."""

    duplicate_of_id = Id("cas", **told("The case that goes on instead.", allow_none=True))

    says = "Case {number} is {to_status}: {note:nothing noted}"
    example: ClassVar[dict[str, Any]] = (
        _CASE | _MOVE | {"version": 2, "status": "acknowledged", "duplicate_of_id": None}
    )


class CaseClosed(CaseMove):
    """A case is closed. It may be reopened within 14 days."""

    says = "Case {number} closed."
    example: ClassVar[dict[str, Any]] = (
        _CASE
        | _MOVE
        | {"version": 9, "status": "closed", "from_status": "confirmed", "to_status": "closed"}
    )


class CaseReopened(CaseMove):
    """A case that was closed is open again."""

    times_reopened = Whole(**told("How often it has been reopened."))

    says = "Case {number} reopened: {note:nothing noted}"
    example: ClassVar[dict[str, Any]] = (
        _CASE
        | _MOVE
        | {"version": 10, "status": "acknowledged", "from_status": "closed", "times_reopened": 1}
    )


class CaseWithdrawn(CaseMove):
    """The client does not pursue a case."""

    says = "Case {number} withdrawn: {note:nothing noted}"
    example: ClassVar[dict[str, Any]] = (
        _CASE | _MOVE | {"version": 3, "status": "withdrawn", "to_status": "withdrawn"}
    )


class CaseChanged(CaseSnapshot):
    """A case has another priority or owner."""

    note = fields.String(**told("Why.", allow_none=True))

    says = "Case {number} has another owner or priority ({priority}): {note:nothing noted}"
    example: ClassVar[dict[str, Any]] = _CASE | {
        "version": 2,
        "priority": "high",
        "note": "They stand still without it.",
    }


class CaseUpdateGiven(CaseSnapshot):
    """The client was told how a case goes."""

    note = fields.String(**told("What they were told."))

    says = "Case {number}, told to the client: {note}"
    example: ClassVar[dict[str, Any]] = _CASE | {
        "version": 4,
        "status": "diagnosed",
        "note": "The carrier looks for the parcel.",
    }


class CaseEscalated(AccountEvent):
    """A case has waited for longer than its target."""

    case_id = Id("cas", required=True)
    number = fields.String(**told("The number people read."))
    clock = fields.Enum(Clock, by_value=True, **told("What was waited for."))
    due_at = Instant(**told("When the target was reached."))
    to_staff_id = Id("stf", **told("The owner's superior; null: there is none.", allow_none=True))

    says = "Case {number} is over its time: {clock} was due at {due_at}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": _CASE["account_id"],
        "case_id": _CASE["case_id"],
        "number": "C-000017",
        "clock": "first_response",
        "due_at": "2026-04-07T09:30:00+00:00",
        "to_staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    }


class PraiseGiven(AccountEvent):
    """A client praised people, products or how they are dealt with."""

    case_id = Id("cas", required=True)
    number = fields.String(**told("The case's number."))
    staff_ids = fields.List(Id("stf"), **told("Whom it names."))
    products = fields.List(fields.String(), **told("Which products it names, by sku or name."))
    text = fields.String(**told("What they said."))

    says = "Praise: {text}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": _CASE["account_id"],
        "case_id": _CASE["case_id"],
        "number": "C-000018",
        "staff_ids": ["stf_01jd3v4q6ye8z9t5k2m7n0p1xa"],
        "products": ["LAMP-7"],
        "text": "Ada had the new lamps here within a day.",
    }


class ComplaintAboutAmount(AccountEvent):
    """A client contests an amount of an invoice. Who decides answers with `dispute_resolved`."""

    case_id = Id("cas", required=True)
    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(**told("The invoice's number."))
    amount = Minor(**told("Minor units of what is contested.", least=1))
    currency = Currency(required=True)
    reason = fields.String(**told("Why, in the client's words."))

    says = "Contests {amount} of invoice {invoice_number}: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": _CASE["account_id"],
        "case_id": _CASE["case_id"],
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xk",
        "invoice_number": "RE-2026-000017",
        "amount": 2800,
        "currency": "EUR",
        "reason": "Two of the lamps came broken.",
    }
