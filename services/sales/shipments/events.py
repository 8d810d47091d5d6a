"""What is announced of shipments besides that they were sent. Amounts of goods are quantities."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Id, Quantity, Schema
from services.sales.events import ACCOUNT, ORDER

_SHIPMENT: dict[str, Any] = {
    "account_id": ACCOUNT,
    "shipment_id": "shp_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "number": "SH-100001",
    "order_id": ORDER,
    "order_number": "SO-100001",
    "client_order_number": "PO 4500012345",
}


class _ShipmentEvent(AccountEvent):
    """What every event about a shipment says."""

    shipment_id = Id("shp", required=True)
    number = fields.String(required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    client_order_number = fields.String(
        required=True, allow_none=True, metadata={"description": "What the client calls the order."}
    )


class CancelledLine(Schema):
    """How much of an order line was in it, and is open again."""

    line_id = Id("orl", required=True)
    sku = fields.String(required=True)
    quantity = Quantity(required=True)


class ShipmentCancelled(_ShipmentEvent):
    """A shipment that had not left was given up; what was in it is open again, unless its order ended."""

    reason = fields.String(required=True)
    lines = fields.List(fields.Nested(CancelledLine), required=True)

    says = "Shipment {number} of order {order_number} cancelled: {reason}"
    example: ClassVar[dict[str, Any]] = _SHIPMENT | {
        "reason": "The lorry broke down.",
        "lines": [
            {"line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw", "sku": "CHAIR-01", "quantity": "2.5"}
        ],
    }


class ShipmentDelivered(_ShipmentEvent):
    """A shipment arrived."""

    delivered_on = Day(required=True)
    received_by = fields.String(required=True, metadata={"description": "Who took it."})
    proof = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What proves it, such as the carrier's number."},
    )

    says = "Shipment {number} of order {order_number} delivered on {delivered_on}."
    example: ClassVar[dict[str, Any]] = _SHIPMENT | {
        "delivered_on": "2026-02-02",
        "received_by": "Ben Hall, goods in",
        "proof": "Signed note, tracking number 1Z 999",
    }
