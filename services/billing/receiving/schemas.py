"""Payments coming in, one by one and in batches, and what became of them."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, EachByItself, Id, Minor, OneLine, Result, Schema, Whole
from services.billing.allocations.schemas import instruction
from services.billing.batches.schemas import BATCH_MAX
from services.billing.payments.rules import Method


class NewPayment(Schema):
    """Money received."""

    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    amount = Minor(
        required=True, least=1, metadata={"description": "In minor units of `currency`."}
    )
    value_date = Day(
        required=True,
        metadata={"description": "The day the money was there; may be past, not to come."},
    )
    method = fields.String(
        required=True,
        validate=validate.OneOf(list(Method)),
        metadata={"description": "How it came."},
    )
    reference = OneLine(
        load_default=None,
        longest=200,
        metadata={"description": "What the payer wrote, or the bank's reference."},
    )
    external_id = OneLine(
        load_default=None,
        longest=200,
        metadata={
            "description": "What you call it, once in an account: the same payment again under it is not "
            "received again, and answered as it is now; another one is refused."
        },
    )
    instruction = instruction(
        load_default=None,
        metadata={
            "description": "What the payer says it is for; the rest stays unapplied. Without one "
            "it pays the account's items in its currency, oldest due first or as its routine has it."
        },
    )


class NewPaymentBatch(Schema):
    payments = EachByItself(
        fields.Nested(NewPayment),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class PaymentResult(Result):
    """What became of one payment: received, with id and amounts; or refused, with code and reason."""

    payment_id = Id("pay", metadata={"description": "The payment, where it was received."})
    allocated = Minor(metadata={"description": "What of it is set against items."})
    unapplied = Minor(metadata={"description": "What of it is set against nothing yet."})


class PaymentBatch(Schema):
    """What became of each payment of a batch."""

    received = Whole(metadata={"description": "How many were received, now or before."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(PaymentResult),
        metadata={"description": "One for each payment sent, in their order."},
    )
