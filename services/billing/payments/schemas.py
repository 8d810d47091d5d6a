"""Payments, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    Minor,
    OneLine,
    PageQuery,
    Schema,
    Whole,
)
from services.billing.allocations.schemas import instruction
from services.billing.payments.rules import Method, PaymentStatus


class Payment(Schema):
    """Money received: amount = allocated + refunded + unapplied + reversed + overpaid."""

    payment_id = Id("pay", metadata={"description": "The payment."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What was received."})
    allocated = Minor(metadata={"description": "Set against items."})
    refunded = Minor(
        metadata={
            "description": "Given back, and not claimed back by a debit note since the money turned out "
            "not to be there."
        }
    )
    unapplied = Minor(metadata={"description": "Neither allocated nor refunded yet."})
    is_kept = Flag(
        metadata={
            "description": "Whether what is unapplied stays so until it is allocated by hand: somebody "
            "said what it is for, or took it off an item. Else it is set against items by itself."
        }
    )
    reversed = Minor(
        metadata={"description": "Taken back: it bounced, was charged back or entered in error."}
    )
    overpaid = Minor(metadata={"description": "Came too much, and is written off: not owed back."})
    status = fields.String(
        validate=validate.OneOf(list(PaymentStatus)),
        metadata={"description": "Unapplied while some of it is neither allocated nor refunded."},
    )
    value_date = Day(metadata={"description": "The day the money was there."})
    method = fields.String(
        validate=validate.OneOf(list(Method)), metadata={"description": "How it came."}
    )
    reference = fields.String(
        allow_none=True, metadata={"description": "What the payer wrote, or the bank's reference."}
    )
    external_id = fields.String(
        allow_none=True, metadata={"description": "What the sender calls it, once in an account."}
    )
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    recorded_by = fields.String(metadata={"description": "Who entered it."})
    reversed_on = Day(
        allow_none=True,
        metadata={"description": "From which day on it counts no more, if it was reversed."},
    )
    reversal_reason = fields.String(
        allow_none=True, metadata={"description": "Why it was reversed."}
    )
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class PaymentPath(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})


class PaymentQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(PaymentStatus)),
        metadata={"description": "Unapplied while some of it is neither allocated nor refunded."},
    )
    reference = OneLine(
        longest=200,
        load_default=None,
        metadata={"description": "Exactly this reference."},
    )
    value_date_from = Day(load_default=None, metadata={"description": "On this day or later."})
    value_date_to = Day(load_default=None, metadata={"description": "On this day or earlier."})


class AllocatePayment(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})
    instruction = instruction(required=True)


class PaymentAllocationQuery(PageQuery):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})
