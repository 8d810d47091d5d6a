"""What goes into and comes out of shipments."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Quantity,
    Schema,
    Text,
    Whole,
)
from services.sales.orders.rules import LINES_MAX
from services.sales.shipments.rules import ShipmentState

REST = {
    "description": "By when what is short then is promised: what is open and in no other shipment. Left "
    "out, its promises stay."
}
STATES = validate.OneOf([str(state) for state in ShipmentState])


class LineToSend(Schema):
    """How much of an order line to send."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(
        required=True,
        metadata={
            "description": "How many; at most what is open of the line, with what is tolerated."
        },
    )


class NewShipment(Schema):
    """What to send of an order."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    lines = ListOf(
        fields.Nested(LineToSend),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={"description": "What to send; left out, all that is open."},
    )
    shipped_on = Day(
        load_default=None,
        metadata={
            "description": "The day the goods left, not before it was ordered; left out, today."
        },
    )
    rest_promised_on = Day(load_default=None, metadata=REST)


class DraftShipment(Schema):
    """What is to be sent of an order, and when."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    lines = ListOf(
        fields.Nested(LineToSend),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={"description": "What is to be sent; left out, all that is open."},
    )
    ships_on = Day(
        load_default=None,
        metadata={"description": "The day it is to leave; left out, today."},
    )


class ShipmentPath(Schema):
    """Names one shipment."""

    shipment_id = Id("shp", required=True, metadata={"description": "The shipment."})


class PickShipment(ShipmentPath):
    """What was picked."""

    lines = ListOf(
        fields.Nested(LineToSend),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={
            "description": "What was picked, of lines that are in the shipment; a line that is not named "
            "stays behind. Left out, all as it was assigned."
        },
    )


class ShipShipment(ShipmentPath):
    """When it left."""

    shipped_on = Day(
        load_default=None,
        metadata={
            "description": "The day the goods left, not before it was ordered; left out, today."
        },
    )
    rest_promised_on = Day(load_default=None, metadata=REST)


class DeliverShipment(ShipmentPath):
    """When it arrived, and who took it."""

    delivered_on = Day(
        load_default=None,
        metadata={"description": "The day the goods arrived, not in the future; left out, today."},
    )
    received_by = OneLine(
        longest=200, required=True, metadata={"description": "Who took the goods."}
    )
    proof = Text(
        longest=500,
        load_default=None,
        metadata={"description": "What proves it, such as the carrier's number."},
    )


class CancelShipment(ShipmentPath):
    """Why a shipment is cancelled."""

    reason = Text(
        longest=500, required=True, metadata={"description": "Why, as it is to be remembered."}
    )


class ShipmentsOfOrder(PageQuery):
    """Which order's shipments to list."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class ShipmentQuery(PageQuery):
    """Which shipments to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None, validate=STATES, metadata={"description": "Only those that stand so."}
    )
    shipped_from = Day(
        load_default=None, metadata={"description": "Only those that leave on this day or later."}
    )
    shipped_to = Day(
        load_default=None, metadata={"description": "Only those that leave on this day or before."}
    )


class ShipmentLine(Schema):
    """How much of an order line is in a shipment."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    sku = fields.String(
        required=True, attribute="order_line.sku", metadata={"description": "The product's sku."}
    )
    description = fields.String(
        required=True,
        attribute="order_line.description",
        metadata={"description": "The product's name when it was ordered."},
    )
    quantity = Quantity(required=True, metadata={"description": "So much of it."})
    unit_price = Minor(
        required=True,
        attribute="order_line.net_unit_price",
        metadata={"description": "Net price of one after discount, in minor units."},
    )
    tax_percent = Percent(
        required=True,
        attribute="order_line.tax_percent",
        metadata={"description": "The tax added to net."},
    )


def _moment(description):
    return Instant(required=True, allow_none=True, metadata={"description": description})


def _person(description="By whom."):
    return fields.String(required=True, allow_none=True, metadata={"description": description})


class Shipment(Schema):
    """Goods of an order that are to leave or have left."""

    shipment_id = Id("shp", required=True, metadata={"description": "The shipment."})
    number = fields.String(required=True, metadata={"description": "What people call it."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    account_id = Id("acc", required=True, metadata={"description": "Who is supplied."})
    status = fields.String(
        required=True, validate=STATES, metadata={"description": "Where it stands."}
    )
    currency = Currency(required=True, metadata={"description": "Of all its amounts."})
    shipped_on = Day(
        required=True,
        metadata={"description": "The day the goods left; before that, are to leave."},
    )
    total_net = Minor(required=True, metadata={"description": "The sum of its lines."})
    total_gross = Minor(
        required=True,
        metadata={"description": "Net and tax, the tax per rate rounded half up."},
    )
    drafted_at = Instant(required=True, metadata={"description": "When it was drafted."})
    drafted_by = fields.String(required=True, metadata={"description": "By whom."})
    assigned_at = _moment("When its goods were reserved.")
    assigned_by = _person()
    picked_at = _moment("When its goods were picked.")
    picked_by = _person()
    sent_at = Instant(
        required=True,
        metadata={"description": "When it was entered that it left; before that, as drafted_at."},
    )
    sent_by = fields.String(required=True, metadata={"description": "By whom."})
    delivered_on = Day(
        required=True, allow_none=True, metadata={"description": "The day the goods arrived."}
    )
    received_by = _person("Who took the goods.")
    proof = _person("What proves it.")
    delivered_at = _moment("When it was entered that it arrived.")
    delivered_by = _person()
    cancelled_at = _moment("When it was given up.")
    cancelled_by = _person()
    cancel_reason = _person("Why it was given up.")
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
    lines = fields.List(
        fields.Nested(ShipmentLine), required=True, metadata={"description": "What is in it."}
    )
