"""What is announced of order bills. Amounts are in minor units of the order's currency."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Percent, Quantity, Schema
from services.sales.events import ACCOUNT, ORDER


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class AskedLine(Schema):
    """How much of an order line is to be billed, at the price agreed when it was ordered."""

    line_id = Id("orl", required=True)
    description = fields.String(required=True)
    quantity = Quantity(required=True)
    unit_price = Minor(**_told("Net price of one, after discount."))
    tax_percent = Percent(required=True)


class OrderBillAsked(AccountEvent):
    """Something of an order is to be billed by itself, once for its id: lines of one that is billed on
    order, or a shipment again whose invoice is void. Billing answers with `order_billed` or
    `order_bill_refused`; the invoice names the order, and each line its order line."""

    bill_id = Id("obl", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    client_order_number = fields.String(
        **_told("What the client calls the order (its `reference`).", allow_none=True)
    )
    currency = Currency(required=True)
    shipment_id = Id("shp", **_told("The shipment to be billed again.", allow_none=True))
    lines = fields.List(
        fields.Nested(AskedLine), **_told("Of the order; none where a shipment is billed again.")
    )

    says = "Order {order_number} is to be billed."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "bill_id": "obl_01jd3v4q6ye8z9t5k2m7n0p1xd",
        "order_id": ORDER,
        "order_number": "SO-100001",
        "client_order_number": "PO 4500012345",
        "currency": "EUR",
        "shipment_id": None,
        "lines": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "description": "Office chair",
                "quantity": "4",
                "unit_price": 12500,
                "tax_percent": "19.00",
            }
        ],
    }
