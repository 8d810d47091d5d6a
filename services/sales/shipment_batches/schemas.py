"""Batches of shipments, coming in and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from chassis.fields import Day, Id, ListOf, Schema, Whole
from kernel.refusals import Invalid
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
        metadata={"description": "The day the goods left, not in the future; left out, today."},
    )
    rest_promised_on = Day(load_default=None, metadata=REST)

    example: ClassVar = {"move": "send", "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw"}


class EachByItself(ListOf):
    """A list whose broken elements become refusals in their places, and leave the others alone."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        return [self._load(element) for element in value]

    def _load(self, element: Any) -> Any:
        try:
            return self.load_one(element)
        except ValidationError as error:
            return Invalid.fields(list(_each_error(error.messages, "")))


def _each_error(messages: Any, path: str) -> Iterator[dict[str, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _each_error(value, path if key == "_schema" else f"{path}/{key}".strip("/"))
    else:
        for message in messages:
            yield {"field": path, "detail": str(message)}


class NewShipmentBatch(Schema):
    """Shipments that take their next step, orders that are sent."""

    shipments = EachByItself(
        fields.Nested(ShipmentToMove),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class FieldError(Schema):
    """What is wrong with one field."""

    field = fields.String(metadata={"description": "Which one, as a path."})
    detail = fields.String(metadata={"description": "What is wrong with it."})


class ShipmentResult(Schema):
    """What became of one of a batch; of one that was refused, code and reason."""

    index = Whole(metadata={"description": "Its place in what was sent, from 0."})
    shipment_id = Id("shp", metadata={"description": "The shipment, where it was done."})
    number = fields.String(metadata={"description": "Its number."})
    status = fields.String(
        validate=validate.OneOf([str(state) for state in ShipmentState]),
        metadata={"description": "Where it stands now."},
    )
    code = fields.String(metadata={"description": "Why it was refused, for programs."})
    detail = fields.String(metadata={"description": "Why it was refused, for people."})
    errors = fields.List(
        fields.Nested(FieldError), metadata={"description": "What is wrong with which field."}
    )


class ShipmentBatch(Schema):
    """What became of each of a batch."""

    done = Whole(metadata={"description": "How many were done."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(ShipmentResult),
        metadata={"description": "One for each that was sent, in their order."},
    )
