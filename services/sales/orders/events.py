"""What is announced of orders. Amounts are in minor units of the order's currency."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Percent, Schema, SignedQuantity, Whole
from services.sales.events import ACCOUNT, ORDER
from services.sales.orders.rules import BillsOn, ShipsOn


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class OrderedLine(Schema):
    """A line of an order, as it was agreed."""

    line_id = Id("orl", required=True)
    product_id = Id("prd", required=True)
    sku = fields.String(required=True)
    description = fields.String(required=True)
    quantity = SignedQuantity(**_told("Ordered; below 0: goods that come back."))
    unit_price = Minor(**_told("Net price of one, after discount."))
    tax_percent = Percent(required=True)
    promised_on = Day(**_told("The day the client was promised it for.", allow_none=True))
    returns_line_id = Id(
        "orl", **_told("Of goods that come back: the line they were sold by.", allow_none=True)
    )


class OrderConfirmed(AccountEvent):
    """An order was agreed to; the account's standing allowed it."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    total_net = Minor(required=True)
    total_gross = Minor(required=True)
    client_order_number = fields.String(
        **_told("What the client calls the order (its `reference`).", allow_none=True)
    )
    bills_on = fields.String(
        **_told(
            "Whether it is billed when it is agreed (order) or with each shipment.",
            validate=validate.OneOf([*BillsOn]),
        )
    )
    ships_on = fields.String(
        **_told(
            "Whether its goods leave as agreed (order) or as they are paid for (payment).",
            validate=validate.OneOf([*ShipsOn]),
        )
    )
    deposit_percent = Percent(
        **_told("How much of it is asked for before it is supplied.", allow_none=True)
    )
    lines = fields.List(fields.Nested(OrderedLine), **_told("All that was agreed."))

    says = "Order {number} confirmed, {total_gross}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 2,
        "currency": "EUR",
        "total_net": 50000,
        "total_gross": 59500,
        "client_order_number": "PO 4500012345",
        "bills_on": "shipment",
        "ships_on": "order",
        "deposit_percent": None,
        "lines": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "sku": "CHAIR-01",
                "description": "Office chair",
                "quantity": "4",
                "unit_price": 12500,
                "tax_percent": "19.00",
                "promised_on": "2026-02-13",
                "returns_line_id": None,
            }
        ],
    }


class OrderCancelled(AccountEvent):
    """A draft or confirmed order of which nothing was shipped was cancelled."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    reason = fields.String(required=True)

    says = "Order {number} cancelled: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 3,
        "currency": "EUR",
        "reason": "The client chose another colour.",
    }


class OrderCompleted(AccountEvent):
    """Nothing of an order is open any more and something of it was shipped; a remainder may have been
    cancelled."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)

    says = "Order {number} completed."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 4,
        "currency": "EUR",
    }
