"""The money of orders, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import (
    Currency,
    Flag,
    Id,
    ListOf,
    Percent,
    Quantity,
    Schema,
    SignedQuantity,
)
from services.sales.order_bills.schemas import OrderBill, OrderBillPath
from services.sales.order_exceptions.schemas import OrderException
from services.sales.orders.rules import LINES_MAX
from services.sales.orders.schemas import BILLS_ON, SHIPS_ON, OrderPath


class LineToBill(Schema):
    """How much of an order line is to be billed."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(required=True, metadata={"description": "How much of it."})


class _Lines(Schema):
    lines = ListOf(
        fields.Nested(LineToBill),
        least=1,
        most=LINES_MAX,
        load_default=None,
        allow_none=True,
        metadata={"description": "What is to be billed; left out, all that is left to be."},
    )


class DraftOrderBill(_Lines, OrderPath):
    """What of an order is to be billed."""

    example: ClassVar = {"lines": None}


class ChangeOrderBill(_Lines, OrderBillPath):
    """What a draft is to bill instead."""

    example: ClassVar = DraftOrderBill.example


def _sum(description: str) -> Quantity:
    return Quantity(required=True, metadata={"description": description})


class LineMoney(Schema):
    """What became of an order line that goes out, in quantities, each of them all so far."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    ordered = _sum("Ordered.")
    cancelled = _sum("Cancelled.")
    shipped = _sum("Left the house.")
    returned = _sum("Came back and was accepted.")
    left = _sum("Not billed any more, as a person said.")
    billable = SignedQuantity(
        required=True,
        metadata={
            "description": "To be billed in all: billed on order, what is ordered and not cancelled (or "
            "shipped, if that is more), else what is shipped; less what came back or is left."
        },
    )
    billed = _sum("On invoices that are not void.")
    credited = _sum("Of what is billed: by credit notes, not void.")
    asked = _sum("Asked to be billed, and not on an invoice yet.")
    to_bill = SignedQuantity(
        required=True,
        metadata={
            "description": "billable - (billed - credited). Below 0: that much is billed too much and to "
            "be credited, but for what is kept."
        },
    )
    kept = _sum("Billed too much and stays so, as a person said.")
    too_much = _sum("Of what is below 0 to bill: cancelled or amended since, not what came back.")
    paid = _sum("What paid invoices cover, less what is credited of it.")
    target = _sum("How much may leave in all: what is ordered, or, shipped on payment, paid for.")
    to_ship = _sum("What may leave now: no more than is open, nor than the target.")


class OrderMoney(OrderPath):
    """What became of the money of an order."""

    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    number = fields.String(required=True, metadata={"description": "What people call the order."})
    currency = Currency(required=True, metadata={"description": "Of all its amounts."})
    bills_on = fields.String(required=True, metadata=BILLS_ON)
    ships_on = fields.String(required=True, metadata=SHIPS_ON)
    deposit_percent = Percent(
        required=True, allow_none=True, metadata={"description": "Asked for before it is supplied."}
    )
    is_billed = Flag(
        required=True,
        metadata={"description": "Whether nothing is to be billed or credited, by quantities."},
    )
    lines = fields.List(
        fields.Nested(LineMoney), required=True, metadata={"description": "Those that go out."}
    )
    bills = fields.List(
        fields.Nested(OrderBill),
        required=True,
        metadata={
            "description": "What billing was asked to bill by itself, deposits too, the newest first, at "
            "most 100."
        },
    )
    exceptions = fields.List(
        fields.Nested(OrderException),
        required=True,
        metadata={"description": "What was undone and nobody has settled."},
    )
