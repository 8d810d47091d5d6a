"""Order exceptions, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.fields import Flag, Id, Instant, PageQuery, Quantity, Schema, Text, Whole
from services.sales.order_exceptions import rules
from services.sales.order_exceptions.rules import ExceptionKind, Settlement

SETTLED_AS = validate.OneOf([*Settlement])
BY_HAND = validate.OneOf([*rules.BY_HAND])


class ExceptionPath(Schema):
    """Names one order exception."""

    exception_id = Id("oex", required=True, metadata={"description": "The exception."})


class SettleException(ExceptionPath):
    """What becomes of what was undone, and why."""

    settled_as = fields.String(
        required=True,
        validate=BY_HAND,
        metadata={
            "description": "again: it is billed or shipped again; leave: the quantity is not billed, or "
            "not shipped, any more; of what is billed too much: it stays billed."
        },
    )
    reason = Text(
        required=True, longest=500, metadata={"description": "Why, as it is to be remembered."}
    )

    example: ClassVar = {"settled_as": "again", "reason": "It was voided for a wrong address."}


class ExceptionQuery(PageQuery):
    """Which exceptions to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    order_id = Id("ord", load_default=None, metadata={"description": "Only this order's."})
    is_settled = Flag(
        load_default=None, metadata={"description": "Only those settled, or only those not."}
    )


class ExceptionLine(Schema):
    """What of an order line was undone."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(required=True, metadata={"description": "How much of it."})
    left = Quantity(
        required=True,
        metadata={
            "description": "Of that: not billed, or not shipped, any more; of what is billed too much: "
            "stays so."
        },
    )


class OrderException(ExceptionPath):
    """What was undone of an order, until a person settles it."""

    number = fields.String(required=True, metadata={"description": "What people call it."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    order_number = fields.String(required=True, metadata={"description": "The order's number."})
    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    kind = fields.String(
        required=True,
        validate=validate.OneOf([*ExceptionKind]),
        metadata={"description": "What was undone."},
    )
    about = fields.String(
        required=True,
        metadata={
            "description": "The shipment cancelled, the invoice voided, or the order of which too much "
            "is billed."
        },
    )
    about_number = fields.String(required=True, metadata={"description": "What people call that."})
    shipment_id = Id(
        "shp",
        required=True,
        allow_none=True,
        metadata={"description": "The shipment that the void invoice was for, if one."},
    )
    lines = fields.List(
        fields.Nested(ExceptionLine), required=True, metadata={"description": "What was undone."}
    )
    raised_at = Instant(required=True, metadata={"description": "Since when."})
    settled_as = fields.String(
        required=True,
        allow_none=True,
        validate=SETTLED_AS,
        metadata={
            "description": "What becomes of it; mended: it was credited, or is agreed after all. Null: "
            "nobody has said yet."
        },
    )
    settle_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why, as somebody wrote it."}
    )
    settled_at = Instant(required=True, allow_none=True, metadata={"description": "When."})
    settled_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; sales: by itself."}
    )
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
