"""Reversals, coming in."""

from __future__ import annotations

from chassis.fields import Currency, Day, Id, Minor, Schema, Text


def reversed_on() -> Day:
    """The field for the day from which something is taken back."""
    return Day(
        load_default=None,
        metadata={"description": "From which day on; today if left out, never to come."},
    )


class ReverseAllocation(Schema):
    allocation_id = Id("alc", required=True, metadata={"description": "The allocation."})
    reversed_on = reversed_on()


class ReversePayment(Schema):
    payment_id = Id(
        "pay",
        required=True,
        metadata={"description": "The payment; null where a credit note is meant."},
    )
    reversed_on = reversed_on()
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


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
