"""What is announced of credit notes. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Flag, Id, Minor, Percent, Schema, SignedQuantity, Whole
from services.billing.events import ACCOUNT, exemption_reason, tax_code, told

_NOTE: dict[str, Any] = ACCOUNT | {
    "for_account_id": None,
    "credit_note_id": "crn_01jd3v4q6ye8z9t5k2m7n0p1xg",
    "number": "CN-2026-000007",
    "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "order_id": None,
    "currency": "EUR",
    "net": 1000,
    "tax": 190,
    "total": 1190,
    "waived": 0,
    "fee_id": None,
    "taken_back": 0,
    "issued_on": "2026-03-10",
    "remedy_id": None,
    "return_id": None,
    "return_part": None,
    "dispute_id": None,
    "lines": [
        {
            "invoice_position": 1,
            "order_line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xr",
            "description": "Office chair",
            "quantity": "1",
            "unit_price": 1000,
            "net": 1000,
            "tax_percent": "19.00",
            "tax_code": "standard",
            "exemption_reason": None,
            "is_price_reduction": True,
        }
    ],
}


class CreditedLine(Schema):
    """A line of a credit note: what of an invoice's line it credits, or what a free one is for. What is
    kept back of goods that came back (a restocking fee) is a line below nothing, free as well."""

    invoice_position = Whole(**told("The invoice's line; null: it is free.", allow_none=True))
    order_line_id = Id("orl", **told("That line's order line, where known.", allow_none=True))
    description = fields.String(required=True)
    quantity = SignedQuantity(required=True)
    unit_price = Minor(**told("What is credited of each, net."))
    net = Minor(**told("quantity × unit_price, or all that was left of the line."))
    tax_percent = Percent(required=True)
    tax_code = tax_code()
    exemption_reason = exemption_reason()
    is_price_reduction = Flag(
        **told("Whether only the price is lowered: the quantity stays billed.")
    )


class _CreditNoteEvent(AccountEvent):
    """What every event of a credit note says."""

    for_account_id = Id(
        "acc",
        **told("For whom it is, where that is not who pays.", allow_none=True, dump_default=None),
    )
    credit_note_id = Id("crn", required=True)
    number = fields.String(required=True)
    invoice_id = Id("inv", required=True, allow_none=True)
    order_id = Id("ord", required=True, allow_none=True)
    currency = Currency(required=True)
    net = Minor(required=True)
    tax = Minor(required=True)
    total = Minor(**told("net + tax + waived."))
    waived = Minor(**told("What it forgives of a fee, interest or letter.", dump_default=0))
    fee_id = Id(
        "fee", **told("The fee that it forgives, if any.", allow_none=True, dump_default=None)
    )
    taken_back = Minor(**told("What of it was billed ahead of shipping, with tax."))
    issued_on = Day(required=True)
    remedy_id = Id("rem", **told("The remedy that it carries out, if any.", allow_none=True))
    return_id = Id("ret", **told("The return of goods it is for, if any.", allow_none=True))
    return_part = Whole(
        **told(
            "Which part of that return; null without a return.", allow_none=True, dump_default=None
        )
    )
    dispute_id = Id("dsp", **told("The dispute that it settles, if any.", allow_none=True))
    lines = fields.List(
        fields.Nested(CreditedLine),
        **told("None: an invoice is credited by an amount or by rates."),
    )


class CreditNoteIssued(_CreditNoteEvent):
    """A credit note was issued, against an invoice or free-standing."""

    says = "Credit note {number} issued, {total}."
    example: ClassVar = _NOTE


class CreditNoteVoided(_CreditNoteEvent):
    """A credit note that was issued in error is void: what it was set against is owed again, and what it
    credited of an invoice may be credited again. Its remedy, if any, stays carried out."""

    voided_on = Day(required=True)
    reason = fields.String(required=True)

    says = "Credit note {number} voided: {reason}"
    example: ClassVar = _NOTE | {
        "voided_on": "2026-03-11",
        "reason": "It was for another client.",
    }
