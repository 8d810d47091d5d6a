"""What is announced of disputes. Nothing announces it yet; billing listens already. Amounts are gross, in
minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Instant, Minor, Schema, Whole

DECIDED = ("upheld", "partly_upheld", "rejected", "withdrawn")
STATUSES = (
    *("opened", "acknowledged", "investigating", "awaiting_client", "awaiting_us"),
    *DECIDED,
    *("closed", "reopened"),
)
_DISPUTE: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "dispute_id": "dsp_01jd3v4q6ye8z9t5k2m7n0p1xd",
    "version": 1,
    "item_id": "itm_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "invoice_number": "2026-000123",
    "case_id": "cas_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "contact_id": None,
    "currency": "EUR",
    "amount": 13000,
    "contested": 13000,
    "status": "opened",
    "reason": "Two of the lamps came broken.",
    "lines": [{"position": 1, "amount": 13000, "reason": "Two of the lamps came broken."}],
    "changed_at": "2026-04-03T13:30:00+00:00",
}


def told(description: str, **options: Any) -> dict[str, Any]:
    """The options of a field that is always there, with its text."""
    return {"required": True, "metadata": {"description": description}, **options}


class DisputedLine(Schema):
    """A part of what is contested, by a line of the invoice or by a reason of its own."""

    position = Whole(**told("The line's place on the invoice; null: no one line.", allow_none=True))
    amount = Minor(**told("What of it is contested.", least=1))
    reason = fields.String(**told("Why, in the client's words."))


class DisputeSnapshot(AccountEvent):
    """A dispute as it is after the event. Keep the one with the highest `version`."""

    dispute_id = Id("dsp", required=True)
    version = Whole(**told("Grows with every change of the dispute."))
    item_id = Id("itm", **told("The item of which something is contested."))
    invoice_id = Id("inv", **told("That item's invoice."))
    invoice_number = fields.String(**told("The invoice's number."))
    case_id = Id("cas", **told("The case that brought it up, if one did.", allow_none=True))
    contact_id = Id("con", **told("Who contests it, where known.", allow_none=True))
    currency = Currency(required=True)
    amount = Minor(**told("What the dispute is about.", least=1))
    contested = Minor(
        **told("What of that is contested still: all until it is decided, then nothing.")
    )
    status = fields.String(
        **told("Where it stands; more may come.", validate=validate.OneOf(STATUSES))
    )
    reason = fields.String(**told("Why, in the client's words."))
    lines = fields.List(
        fields.Nested(DisputedLine), **told("The parts it is made of; none: the amount as a whole.")
    )
    changed_at = Instant(**told("When this was so first."))


class DisputeOpened(DisputeSnapshot):
    """A client contests a part of an item: nobody asks for it until it is decided."""

    says = "{contested} of invoice {invoice_number} is disputed: {reason}"
    example: ClassVar[dict[str, Any]] = _DISPUTE


class DisputeChanged(DisputeSnapshot):
    """A dispute went on, is about another amount, is closed, or is reopened."""

    says = "Dispute about invoice {invoice_number} is {status}, {contested} of it contested."
    example: ClassVar[dict[str, Any]] = _DISPUTE | {"version": 2, "status": "investigating"}


class DisputeResolved(DisputeSnapshot):
    """A dispute was decided, or withdrawn. Billing credits what was upheld, with the tax of the item's
    invoice, and answers with `credit_note_issued`, which names the dispute, or `dispute_credit_refused`;
    once, whatever is repeated. What was not upheld is asked for again."""

    status = fields.String(**told("What was decided.", validate=validate.OneOf(DECIDED)))
    upheld = Minor(**told("What of the amount was upheld, of all its decisions together.", least=0))
    answer = fields.String(**told("What the client is told of it.", allow_none=True))
    decided_by = fields.String(**told("Who decided it."))

    says = "Dispute about invoice {invoice_number} is {status}, {upheld} is credited."
    example: ClassVar[dict[str, Any]] = _DISPUTE | {
        "version": 3,
        "contested": 0,
        "status": "partly_upheld",
        "upheld": 8000,
        "answer": "One of the two was broken when it left us.",
        "decided_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    }
