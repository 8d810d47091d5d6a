"""Payments, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text
from services.billing.allocations.schemas import instruction
from services.billing.payments.rules import Method, PaymentStatus


class NewPayment(Schema):
    """Money received."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    amount = Minor(
        required=True, least=1, metadata={"description": "In minor units of `currency`."}
    )
    value_date = Day(
        required=True,
        metadata={"description": "The day the money was there; may be past, not to come."},
    )
    method = fields.String(required=True, validate=validate.OneOf(list(Method)))
    reference = Text(
        load_default=None,
        longest=200,
        metadata={"description": "What the payer wrote, or the bank's reference."},
    )
    instruction = instruction(
        load_default=None,
        metadata={
            "description": "What the payer says it is for; the rest stays unapplied. Without one "
            "it pays the account's items in its currency, oldest due first."
        },
    )


class Payment(Schema):
    """Money received: amount = allocated + refunded + unapplied, unless it was reversed."""

    payment_id = Id("pay")
    account_id = Id("acc")
    currency = Currency()
    amount = Minor()
    allocated = Minor(metadata={"description": "Set against items."})
    refunded = Minor(metadata={"description": "Given back."})
    unapplied = Minor(metadata={"description": "Neither allocated nor refunded yet."})
    status = fields.String(validate=validate.OneOf(list(PaymentStatus)))
    value_date = Day()
    method = fields.String(validate=validate.OneOf(list(Method)))
    reference = fields.String(allow_none=True)
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    recorded_by = fields.String()
    reversed_on = Day(allow_none=True)
    reversal_reason = fields.String(allow_none=True)
    version = fields.Integer()


class PaymentPath(Schema):
    payment_id = Id("pay", required=True)


class PaymentQuery(PageQuery):
    account_id = Id("acc", load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf(list(PaymentStatus)))
    reference = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "Exactly this reference."},
    )
    value_date_from = Day(load_default=None)
    value_date_to = Day(load_default=None)


class AllocatePayment(Schema):
    payment_id = Id("pay", required=True)
    instruction = instruction(required=True)


class PaymentAllocationQuery(PageQuery):
    payment_id = Id("pay", required=True)
