"""Refunds, coming in and going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text, Whole
from services.billing.credits.schemas import WhatToCredit


class _NewRefund(Schema):
    amount = Minor(
        required=True, least=1, metadata={"description": "In minor units of its currency."}
    )
    refunded_on = Day(
        load_default=None,
        metadata={"description": "The day the money went out; today if left out, never to come."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class Crediting(WhatToCredit):
    """What is credited in the same step, so that it is not owed again. With neither amount, lines nor
    rates it is the amount refunded or, where that is left out too, all that is left to credit."""

    invoice_id = Id(
        "inv", required=True, metadata={"description": "The invoice, which the payment paid."}
    )
    remedy_id = Id(
        "rem",
        load_default=None,
        metadata={"description": "The remedy of a case that it carries out, if any; once."},
    )
    return_id = Id(
        "ret",
        load_default=None,
        metadata={"description": "The return of goods that it is for, if any; once."},
    )
    return_part = Whole(
        least=1,
        load_default=1,
        metadata={
            "description": "Which part of that return, where it came back in several; each is credited "
            "once."
        },
    )


class RefundPayment(_NewRefund):
    payment_id = Id("pay", required=True, metadata={"description": "The payment it came out of."})
    amount = Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "In minor units of its currency. May be left out where something is credited: "
            "then it is what that comes to."
        },
    )
    credit = fields.Nested(
        Crediting,
        load_default=None,
        metadata={
            "description": "With it, what the payment paid of an invoice is given back and credited, so "
            "that nothing is owed again; without, what is unapplied of the payment is given back."
        },
    )


class RefundCreditNote(_NewRefund):
    credit_note_id = Id(
        "crn", required=True, metadata={"description": "The credit note it came out of."}
    )


class RefundAllocation(_NewRefund):
    allocation_id = Id("alc", required=True, metadata={"description": "The allocation."})
    amount = Minor(
        load_default=None,
        least=1,
        metadata={"description": "In minor units; the whole allocation if left out."},
    )


class Refund(Schema):
    """Money given back out of a payment or a credit note."""

    refund_id = Id("rfd", metadata={"description": "The refund."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    payment_id = Id("pay", allow_none=True, metadata={"description": "The payment it came out of."})
    credit_note_id = Id(
        "crn", allow_none=True, metadata={"description": "The credit note it came out of."}
    )
    crediting_note_id = Id(
        "crn",
        allow_none=True,
        metadata={
            "description": "The credit note that was issued with it, so that nothing is owed again."
        },
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What was given back."})
    refunded_on = Day(metadata={"description": "The day the money went out."})
    reason = fields.String(metadata={"description": "Why, for the record."})
    recorded_by = fields.String(metadata={"description": "Who entered it."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    reversed_on = Day(
        allow_none=True, metadata={"description": "The day it was taken back, if it was."}
    )


class RefundQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    payment_id = Id(
        "pay", load_default=None, metadata={"description": "The payment it came out of."}
    )
    credit_note_id = Id(
        "crn", load_default=None, metadata={"description": "The credit note it came out of."}
    )
