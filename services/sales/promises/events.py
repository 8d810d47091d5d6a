"""What is announced of promises."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Id, Quantity, Schema
from services.sales.events import ACCOUNT, ORDER

_ORDER: dict[str, Any] = {"account_id": ACCOUNT, "order_id": ORDER, "number": "SO-100001"}
_LINE: dict[str, Any] = {
    "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "sku": "CHAIR-01",
    "description": "Office chair",
    "quantity": "20",
    "promised_on": "2026-02-14",
}


class ShortLine(Schema):
    """What of an order line is on back-order."""

    line_id = Id("orl", required=True)
    sku = fields.String(required=True)
    description = fields.String(required=True)
    quantity = Quantity(required=True, metadata={"description": "What is open of it."})
    promised_on = Day(
        required=True, allow_none=True, metadata={"description": "By when it is promised now."}
    )


class MovedLine(ShortLine):
    """A line that is promised for another day."""

    former_on = Day(
        required=True, allow_none=True, metadata={"description": "What it was promised for before."}
    )


class BackOrderMade(AccountEvent):
    """A shipment has left with less than was open of some lines; what is short is on back-order."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True, metadata={"description": "The order's number."})
    lines = fields.List(fields.Nested(ShortLine), required=True)

    says = "Something of order {number} is on back-order."
    example: ClassVar[dict[str, Any]] = _ORDER | {"lines": [_LINE]}


class PromiseMoved(AccountEvent):
    """Lines of an order are promised for another day."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True, metadata={"description": "The order's number."})
    reason = fields.String(required=True)
    lines = fields.List(fields.Nested(MovedLine), required=True)

    says = "Order {number} is promised for another day: {reason}"
    example: ClassVar[dict[str, Any]] = _ORDER | {
        "reason": "The mill is late.",
        "lines": [_LINE | {"former_on": "2026-02-07"}],
    }
