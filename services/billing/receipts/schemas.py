"""Receipts, going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Minor, Schema
from services.billing.payments.rules import Method, PaymentStatus


class ReceiptPath(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})


class ReceiptPart(Schema):
    """What of the payment is set against one item."""

    item_id = Id("itm", metadata={"description": "The item."})
    invoice_id = Id("inv", metadata={"description": "The document that demands it."})
    invoice_number = fields.String(metadata={"description": "That document's number."})
    amount = Minor(metadata={"description": "What of the payment is set against it."})


class Receipt(Schema):
    """That money was received, from whom and what for, as all of that is now."""

    number = fields.String(metadata={"description": "Its number, such as RCPT-2026-000007."})
    issued_on = Day(metadata={"description": "The day it was asked for first."})
    payment_id = Id("pay", metadata={"description": "The payment."})
    account_id = Id("acc", metadata={"description": "The account that paid."})
    account_number = fields.String(metadata={"description": "That account's number."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What was received."})
    value_date = Day(metadata={"description": "The day the money was there."})
    method = fields.String(
        validate=validate.OneOf(list(Method)), metadata={"description": "How it came."}
    )
    reference = fields.String(
        allow_none=True, metadata={"description": "What the payer wrote, or the bank's reference."}
    )
    parts = fields.List(
        fields.Nested(ReceiptPart), metadata={"description": "What it is set against now."}
    )
    allocated = Minor(metadata={"description": "What its parts come to."})
    refunded = Minor(metadata={"description": "Given back."})
    unapplied = Minor(metadata={"description": "Set against nothing yet."})
    reversed = Minor(metadata={"description": "What of it turned out not to be there."})
    status = fields.String(
        validate=validate.OneOf(list(PaymentStatus)),
        metadata={"description": "reversed where all of it turned out not to be there."},
    )
    reversed_on = Day(
        allow_none=True, metadata={"description": "From which day on it counts no more, if so."}
    )
    reversal_reason = fields.String(
        allow_none=True, metadata={"description": "Why it counts no more, if so."}
    )
