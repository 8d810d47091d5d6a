"""Batches of orders, coming in and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.fields import Day, EachByItself, Flag, Id, Minor, Result, Schema, Whole
from services.sales.order_batches.rules import BATCH_MAX, LINES_IN_ALL_MAX, count_lines
from services.sales.orders.rules import OrderStatus
from services.sales.orders.schemas import NewOrder


class OrderToTake(NewOrder):
    """An order to be drafted and, where it says so, confirmed, and shipped as one shipment."""

    confirms = Flag(
        load_default=False, metadata={"description": "Whether it is confirmed at once."}
    )
    ships = Flag(
        load_default=False,
        metadata={"description": "Whether all of it is shipped at once; needs confirms."},
    )
    shipped_on = Day(
        load_default=None,
        metadata={
            "description": "With ships: the day the goods left, not before ordered_on; left out, today."
        },
    )

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "external_id": "536365",
        "ordered_on": "2026-01-12",
        "confirms": True,
        "ships": True,
        "shipped_on": "2026-01-13",
        "lines": [{"sku": "CHAIR-01", "quantity": "4", "unit_price": 12500}],
    }

    @validates_schema
    def ship_what_is_confirmed(self, data: dict[str, Any], **_: Any) -> None:
        if data["ships"] and not data["confirms"]:
            raise ValidationError(
                "What is shipped is confirmed first: set confirms, too.", "confirms"
            )
        if data["shipped_on"] is not None and not data["ships"]:
            raise ValidationError("Set ships, too, or leave shipped_on out.", "shipped_on")


class NewOrderBatch(Schema):
    """Orders to be taken."""

    orders = EachByItself(
        fields.Nested(OrderToTake),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={
            "description": f"1 to {BATCH_MAX}, with at most {LINES_IN_ALL_MAX} lines in all; a broken "
            "one does not stop the others."
        },
    )

    @validates_schema
    def be_no_longer(self, data: dict[str, Any], **_: Any) -> None:
        if count_lines(data["orders"]) > LINES_IN_ALL_MAX:
            raise ValidationError(
                f"At most {LINES_IN_ALL_MAX} lines in all; send the rest in another batch.",
                "orders",
            )


class TakenOrder(Result):
    """What became of one order: taken or found, with id and number; or refused, with code and reason."""

    order_id = Id("ord", metadata={"description": "The order, where there is one."})
    number = fields.String(metadata={"description": "Its number."})
    status = fields.String(
        validate=validate.OneOf([str(status) for status in OrderStatus]),
        metadata={"description": "Where it stands now."},
    )
    total_gross = Minor(metadata={"description": "Net and tax."})
    shipment_id = Id("shp", metadata={"description": "The shipment, where it was shipped now."})
    shipment_number = fields.String(metadata={"description": "Its number."})
    is_new = Flag(metadata={"description": "Whether it was taken now."})


class OrderBatch(Schema):
    """What became of each order of a batch."""

    taken = Whole(metadata={"description": "How many were taken."})
    found = Whole(metadata={"description": "How many were there."})
    refused = Whole(metadata={"description": "How many were not taken."})
    results = fields.List(
        fields.Nested(TakenOrder),
        metadata={"description": "One for each order sent, in their order."},
    )
