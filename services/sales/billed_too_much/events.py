"""What is announced of orders that are billed on order."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Schema, Whole
from services.sales.events import ACCOUNT, ORDER
from services.sales.shapes import Level


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class BillableLine(Schema):
    """How much of an order line is to be billed in all."""

    line_id = Id("orl", **_told("The order line."))
    description = fields.String(**_told("What it is of."))
    quantity = Level(
        **_told(
            "Ordered and not cancelled, or shipped if that is more; less what a person said is not "
            "billed any more. What came back is not taken off."
        )
    )
    kept = Level(**_told("What is billed beyond that and stays so, as a person said."))


class OrderBillableChanged(AccountEvent):
    """What is to be billed in all of an order that is billed on order: told as it is agreed, and again
    whenever it is another. All of it, of that version of the order; but not what is given away."""

    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    version = Whole(**_told("The order's."))
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(BillableLine), required=True)

    says = "What is to be billed of order {order_number} is known."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "order_number": "SO-100001",
        "version": 3,
        "currency": "EUR",
        "lines": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "description": "Chair",
                "quantity": "6",
                "kept": "0",
            }
        ],
    }
