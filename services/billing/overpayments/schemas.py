"""Overpayments, coming in."""

from __future__ import annotations

from chassis.fields import Day, Id, Minor, Schema, Text


class WriteOffOverpayment(Schema):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})
    amount = Minor(
        load_default=None,
        least=1,
        metadata={"description": "In minor units; all that is unapplied if left out."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class ReverseOverpayment(Schema):
    adjustment_id = Id("adj", required=True, metadata={"description": "The adjustment."})
    reversed_on = Day(
        load_default=None,
        metadata={"description": "From which day on; today if left out, never to come."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})
