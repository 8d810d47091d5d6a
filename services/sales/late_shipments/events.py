"""What is announced of late shipments, besides that the account is to be contacted."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Id, Quantity
from services.sales.events import ACCOUNT, ORDER


class ShipmentLate(AccountEvent):
    """What was promised for a day is not picked shortly before it; once for each day that a line is
    promised for."""

    late_shipment_id = Id("lat", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    line_id = Id("orl", required=True)
    sku = fields.String(required=True)
    description = fields.String(required=True)
    quantity = Quantity(required=True, metadata={"description": "What is open and not picked."})
    promised_on = Day(required=True)
    reason = fields.String(required=True, metadata={"description": "What holds it up, in words."})

    says = "{sku} of order {order_number}, promised for {promised_on}, is late: {reason}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "late_shipment_id": "lat_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "order_id": ORDER,
        "order_number": "SO-100001",
        "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "sku": "CHAIR-01",
        "description": "Office chair",
        "quantity": "20",
        "promised_on": "2026-02-07",
        "reason": "it is in no shipment",
    }
