"""What is announced of amendments. Amounts are in minor units of the order's currency."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Flag, Id, Schema, Whole
from services.sales.orders.events import OrderConfirmed


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class OrderChange(Schema):
    """What changed of an order or one of its lines, in texts."""

    line_id = Id("orl", **_told("The line; null: the order itself.", allow_none=True))
    sku = fields.String(**_told("The line's product.", allow_none=True))
    field = fields.String(**_told("What of it; more may come."))
    before = fields.String(**_told("Null: it was not there.", allow_none=True))
    after = fields.String(required=True, allow_none=True)


class OrderAmended(OrderConfirmed):
    """A confirmed order was changed: it is from now on as this says, all lines included."""

    revision = Whole(**_told("Which version of what was agreed it is now; 1 was the first."))
    reason = fields.String(**_told("Why, as somebody wrote it."))
    changes = fields.List(fields.Nested(OrderChange), **_told("What differs from before."))
    is_ended = Flag(**_told("Whether nothing is left to be shipped of it."))

    says = "Order {number} amended: {reason}"
    example: ClassVar[dict[str, Any]] = {
        **OrderConfirmed.example,
        "version": 3,
        "revision": 2,
        "reason": "The client needs one less.",
        "is_ended": False,
        "changes": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "sku": "CHAIR-01",
                "field": "quantity",
                "before": "5",
                "after": "4",
            }
        ],
    }
