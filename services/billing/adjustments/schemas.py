"""Adjustments, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text, Whole
from services.billing.adjustments.rules import AdjustmentKind


class _Settle(Schema):
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class SettleItem(_Settle):
    item_id = Id("itm", required=True, metadata={"description": "The item."})


class SettleInvoice(_Settle):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})


class ReverseAdjustment(Schema):
    adjustment_id = Id("adj", required=True, metadata={"description": "The adjustment."})
    reversed_on = Day(
        load_default=None,
        metadata={"description": "From which day on; today if left out, never to come."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class AdjustmentPath(Schema):
    adjustment_id = Id("adj", required=True, metadata={"description": "The adjustment."})


class AdjustmentQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(list(AdjustmentKind)),
        metadata={"description": "Only those of this kind."},
    )


class Adjustment(Schema):
    """What was owed and is given up; in minor units, amount = net + tax + fee + interest."""

    adjustment_id = Id("adj", metadata={"description": "The adjustment."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    kind = fields.String(
        validate=validate.OneOf(list(AdjustmentKind)),
        metadata={
            "description": "Written off; a difference too small to ask for; a discount for paying early; "
            "or, upwards, what came too much and is not given back."
        },
    )
    write_off_id = Id(
        "wof",
        allow_none=True,
        metadata={"description": "What collections approved, if it is that."},
    )
    payment_id = Id(
        "pay",
        allow_none=True,
        metadata={"description": "With what it came too much, if it is that."},
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What is not owed any more; of an overpayment by us."})
    net = Minor(metadata={"description": "Of sales, without tax, and of debit notes."})
    tax = Minor(metadata={"description": "Of sales, in the proportion of their invoices."})
    fee = Minor(metadata={"description": "Of fees and letters."})
    interest = Minor(metadata={"description": "Of interest."})
    adjusted_on = Day(metadata={"description": "From which day on."})
    reason = fields.String(metadata={"description": "Why, for the record."})
    recorded_by = fields.String(metadata={"description": "Who entered it."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    reversed_on = Day(
        allow_none=True, metadata={"description": "The day it was taken back, if it was."}
    )
    reversal_reason = fields.String(
        allow_none=True, metadata={"description": "Why it was taken back."}
    )
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})
