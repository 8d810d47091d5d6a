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
    allocation_id = Id("alc", required=True)
    reversed_on = reversed_on()


class ReversePayment(Schema):
    payment_id = Id("pay", required=True)
    reversed_on = reversed_on()
    reason = Text(required=True, longest=500)


class Unapplied(Schema):
    """What is unapplied now of the payment or credit note whose allocation was reversed."""

    payment_id = Id("pay")
    credit_note_id = Id("crn")
    currency = Currency()
    unapplied = Minor()
