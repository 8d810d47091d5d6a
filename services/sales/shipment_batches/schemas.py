"""Batches of shipments, coming in and what became of them."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.fields import Day, EachByItself, Id, ListOf, Result, Schema, Whole
from services.sales.orders.rules import LINES_MAX
from services.sales.shipment_batches.rules import BATCH_MAX, Move
from services.sales.shipments.rules import ShipmentState
from services.sales.shipments.schemas import REST, LineToSend


class ShipmentToMove(Schema):
    """A shipment that takes its next step, or some or all of an order that is sent in one step."""

    move = fields.String(
        required=True,
        validate=validate.OneOf([str(one) for one in Move]),
        metadata={
            "description": "send: of the order, in one step; assign, pick, ship: the shipment."
        },
    )
    order_id = Id("ord", load_default=None, metadata={"description": "The order, to send."})
    shipment_id = Id("shp", load_default=None, metadata={"description": "The shipment, otherwise."})
    lines = ListOf(
        fields.Nested(LineToSend),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={"description": "What is sent or was picked; left out, all of it."},
    )
    shipped_on = Day(
        load_default=None,
        metadata={
            "description": "The day the goods left, not before it was ordered; left out, today."
        },
    )
    rest_promised_on = Day(load_default=None, metadata=REST)

    example: ClassVar = {"move": "send", "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw"}


class NewShipmentBatch(Schema):
    """Shipments that take their next step, orders that are sent."""

    shipments = EachByItself(
        fields.Nested(ShipmentToMove),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class ShipmentResult(Result):
    """What became of one of a batch; of one that was refused, code and reason."""

    shipment_id = Id("shp", metadata={"description": "The shipment, where it was done."})
    number = fields.String(metadata={"description": "Its number."})
    status = fields.String(
        validate=validate.OneOf([str(state) for state in ShipmentState]),
        metadata={"description": "Where it stands now."},
    )


class ShipmentBatch(Schema):
    """What became of each of a batch."""

    done = Whole(metadata={"description": "How many were done."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(ShipmentResult),
        metadata={"description": "One for each that was sent, in their order."},
    )
