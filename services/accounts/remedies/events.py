"""What is announced of remedies. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Flag, Id, Minor, Quantity, Schema, Whole
from services.accounts.remedies.rules import CarriedOutAs, RemedyKind
from services.accounts.shapes import told

_REMEDY: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "case_id": "cas_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "remedy_id": "rem_01jd3v4q6ye8z9t5k2m7n0p1xm",
    "kind": "return",
    "currency": "EUR",
    "amount": 3800,
}


class RemedyEvent(AccountEvent):
    """What every event of a remedy says."""

    remedy_id = Id("rem", required=True)
    case_id = Id("cas", **told("The case that it makes good."))
    kind = fields.Enum(
        RemedyKind,
        by_value=True,
        **told("Billing carries out credit and goodwill, sales return and replacement."),
    )
    currency = Currency(required=True)
    amount = Minor(**told("What it comes to: net where it is by lines, else with tax.", least=0))


class RemedyLine(Schema):
    """A part of an invoice's line that is made good."""

    position = Whole(**told("The line's place on the invoice."))
    order_line_id = Id(
        "orl",
        **told("The line's order line, where known.", allow_none=True, dump_default=None),
    )
    description = fields.String(**told("The line's, as invoiced."))
    quantity = Quantity(**told("Of how much of it."))
    unit_price = Minor(**told("What of each is made good, net; at most its price."))
    amount = Minor(**told("quantity × unit_price, net, rounded half up."))
    is_returned = Flag(**told("Whether these goods come back; else only their price is lowered."))


class RemedyGranted(RemedyEvent):
    """A remedy was granted, and is to be carried out. Billing answers a credit or goodwill with
    `credit_note_issued`, sales a return with `return_authorised` and a replacement with
    `replacement_ordered`, each naming `remedy_id`; or either with `remedy_refused`, on which the case is
    proposed again. It is carried out once, whatever is repeated."""

    is_by_lines = Flag(
        **told("Whether it is by lines of the invoice, net; else by a sum, with tax.")
    )
    invoice_id = Id("inv", **told("The invoice it is of, if any.", allow_none=True))
    invoice_number = fields.String(**told("That invoice's number.", allow_none=True))
    order_id = Id("ord", **told("The order that was invoiced, if any.", allow_none=True))
    lines = fields.List(fields.Nested(RemedyLine), **told("Empty where it is by a sum."))
    cause = fields.String(**told("What went wrong, as diagnosed.", allow_none=True))
    granted_by = fields.String(**told("Who granted it, or asked for it to be."))
    approved_by = fields.String(
        **told("Who approved it; null: it was within the authority.", allow_none=True)
    )
    granted_on = Day(required=True)

    says = "Remedy granted: {kind} of {amount}."
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "is_by_lines": True,
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xk",
        "invoice_number": "RE-2026-000017",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xj",
        "lines": [
            {
                "position": 1,
                "order_line_id": None,
                "description": "Lamp",
                "quantity": "2",
                "unit_price": 1400,
                "amount": 2800,
                "is_returned": True,
            },
            {
                "position": 2,
                "order_line_id": None,
                "description": "Table",
                "quantity": "1",
                "unit_price": 1000,
                "amount": 1000,
                "is_returned": False,
            },
        ],
        "cause": "Damaged on its way",
        "granted_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "approved_by": None,
        "granted_on": "2026-04-07",
    }


class RemedyAsked(RemedyEvent):
    """A remedy is above the authority of whoever proposes it, and waits for approval."""

    reason = fields.String(**told("What it is for, in words."))
    asked_by = fields.String(**told("Who proposes it."))
    approver_id = Id(
        "stf", **told("Whose decision it waits for; null: nobody above may.", allow_none=True)
    )

    says = "Remedy asked for: {kind} of {amount}: {reason}"
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "reason": "Two of the lamps came broken.",
        "asked_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "approver_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    }


class RemedyDeclined(RemedyEvent):
    """A remedy that waited for approval was turned down."""

    reason = fields.String(**told("Why."))
    declined_by = fields.String(**told("Who decided."))

    says = "Remedy declined: {reason}"
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "reason": "They were told at once; a credit of 20.00 is enough.",
        "declined_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    }


class RemedyWithdrawn(RemedyEvent):
    """A remedy that waited for approval was taken back."""

    reason = fields.String(**told("Why."))
    withdrawn_by = fields.String(**told("Who took it back."))

    says = "Remedy withdrawn: {reason}"
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "reason": "They found the parcel.",
        "withdrawn_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    }


class RemedyExecuted(RemedyEvent):
    """A remedy was carried out."""

    executed_as = fields.Enum(CarriedOutAs, by_value=True, **told("What carried it out."))
    carried_out_by = fields.String(
        **told("That thing's id, or its number where it was noted by hand.", allow_none=True)
    )

    says = "Remedy carried out: {kind} of {amount}."
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "executed_as": "return",
        "carried_out_by": "ret_01jd3v4q6ye8z9t5k2m7n0p1xn",
    }
