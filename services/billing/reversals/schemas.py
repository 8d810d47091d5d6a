"""Reversals, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text
from services.billing.bank_fees.schemas import fee
from services.billing.reversals.rules import ReversalKind


def reversed_on() -> Day:
    """The field for the day from which something is taken back."""
    return Day(
        load_default=None,
        metadata={"description": "From which day on; today if left out, never to come."},
    )


def reason() -> Text:
    """The field for why something is taken back."""
    return Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class ReverseAllocation(Schema):
    allocation_id = Id("alc", required=True, metadata={"description": "The allocation."})
    reversed_on = reversed_on()


class ReversePayment(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})
    amount = Minor(
        load_default=None,
        least=1,
        metadata={"description": "In minor units; all that is not reversed yet if left out."},
    )
    reversed_on = reversed_on()
    reason = reason()


class ChargeBackPayment(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})
    amount = Minor(
        load_default=None,
        least=1,
        metadata={"description": "In minor units; all that is not reversed yet if left out."},
    )
    fee = fee()
    charged_back_on = reversed_on()
    reason = reason()


class ReinstatePayment(Schema):
    reversal_id = Id("rev", required=True, metadata={"description": "The reversal of a payment."})
    reversed_on = reversed_on()
    reason = reason()


class ReverseRefund(Schema):
    refund_id = Id("rfd", required=True, metadata={"description": "The refund."})
    reversed_on = reversed_on()
    reason = reason()


class PaymentReversalQuery(PageQuery):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})


class PaymentReversal(Schema):
    """What of a payment turned out not to be there, in minor units of `currency`."""

    reversal_id = Id("rev", metadata={"description": "The reversal."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    payment_id = Id("pay", metadata={"description": "The payment."})
    kind = fields.String(
        validate=validate.OneOf(list(ReversalKind)),
        metadata={
            "description": "chargeback: the payer had their bank take it back; else reversal."
        },
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What was taken back of it."})
    fee = Minor(
        allow_none=True,
        metadata={"description": "What the bank charged for it and the client owes, if anything."},
    )
    fee_invoice_id = Id(
        "inv", allow_none=True, metadata={"description": "The document that demands the fee."}
    )
    reversed_on = Day(metadata={"description": "From which day on."})
    reason = fields.String(metadata={"description": "Why, for the record."})
    recorded_by = fields.String(metadata={"description": "Who entered it."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    reinstated_on = Day(
        allow_none=True,
        metadata={"description": "From which day on the money was there after all, if it was."},
    )


class Unapplied(Schema):
    """What is unapplied now of the payment or credit note whose allocation was reversed."""

    payment_id = Id(
        "pay", metadata={"description": "The payment; null where a credit note is meant."}
    )
    credit_note_id = Id(
        "crn", metadata={"description": "The credit note; null where a payment is meant."}
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    unapplied = Minor(metadata={"description": "What of it is unapplied now."})
