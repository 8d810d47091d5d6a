"""Order bills, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Id,
    Instant,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Quantity,
    Schema,
    Whole,
)
from services.sales.order_bills.rules import BillKind, BillStatus

STATUSES = validate.OneOf([*BillStatus])


BILL_SAMPLE = "obl_01jd3v4q6ye8z9t5k2m7n0p1xw"


class OrderBillPath(Schema):
    """Names one order bill."""

    bill_id = OneLine(
        required=True,
        longest=40,
        metadata={"description": "The order bill, or deposit.", "example": BILL_SAMPLE},
    )


class OrderBillQuery(PageQuery):
    """Which order bills to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    order_id = Id("ord", load_default=None, metadata={"description": "Only this order's."})
    status = fields.String(
        load_default=None, validate=STATUSES, metadata={"description": "Only those of this status."}
    )


class OrderBillLine(Schema):
    """How much of an order line is billed by it."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(required=True, metadata={"description": "How much of it."})


class OrderBill(OrderBillPath):
    """What billing is asked to bill of an order by itself, and what became of it."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    order_number = fields.String(required=True, metadata={"description": "The order's number."})
    kind = fields.String(
        required=True,
        validate=validate.OneOf([*BillKind]),
        metadata={"description": "Some of its lines, a shipment again, or a deposit."},
    )
    status = fields.String(
        required=True,
        validate=STATUSES,
        metadata={
            "description": "A draft until it is asked for or withdrawn; then billed or refused, as "
            "billing answers; what is refused may be given up."
        },
    )
    shipment_id = Id(
        "shp",
        required=True,
        allow_none=True,
        metadata={"description": "The shipment that is billed again."},
    )
    percent = Percent(
        required=True, allow_none=True, metadata={"description": "Of a deposit: how much."}
    )
    lines = fields.List(
        fields.Nested(OrderBillLine),
        required=True,
        metadata={"description": "What of the order it bills; none of a shipment or a deposit."},
    )
    currency = Currency(required=True, metadata={"description": "Of the total."})
    invoice_id = Id(
        "inv", required=True, allow_none=True, metadata={"description": "The invoice, once billed."}
    )
    invoice_number = fields.String(
        required=True, allow_none=True, metadata={"description": "Its number."}
    )
    total = Minor(
        required=True, allow_none=True, metadata={"description": "What it demands, with tax."}
    )
    code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it was refused, for programs."},
    )
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why, in a sentence."}
    )
    created_at = Instant(required=True, metadata={"description": "When it was drafted."})
    created_by = fields.String(required=True, metadata={"description": "By whom."})
    asked_at = Instant(
        required=True, allow_none=True, metadata={"description": "When billing was asked."}
    )
    ended_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When it was answered, withdrawn or given up."},
    )
    ended_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; null: by billing."}
    )
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
