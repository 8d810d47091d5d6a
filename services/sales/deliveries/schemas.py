"""How an order's goods come to the client, as it is told."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Flag, Id, Instant, Quantity, Schema
from services.sales.deliveries.rules import WaitsFor

WAITS = validate.OneOf([str(one) for one in WaitsFor])
WAITS_FOR = {
    "description": "What is next for the part that is furthest from the client. standing: the client is "
    "not supplied, or the order stopped; goods: there are not enough; shipment: nobody has drafted one; "
    "assignment, picking, shipping, delivery of a shipment; null: nothing."
}


class OrderPath(Schema):
    """Names one order."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class Step(Schema):
    """Something that happened."""

    at = Instant(required=True, metadata={"description": "When."})
    step = fields.String(
        required=True,
        metadata={
            "description": "confirmed, late, told, promised, drafted, assigned, picked, shipped, "
            "delivered, cancelled (a shipment), order_cancelled; more may come."
        },
    )
    event = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "By which event others heard of it; null: by none."},
    )
    sentence = fields.String(required=True, metadata={"description": "In words."})
    shipment_id = Id(
        "shp", required=True, allow_none=True, metadata={"description": "Of which shipment."}
    )
    by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; null: by itself."}
    )


class DeliveryLine(Schema):
    """A line of the order that goes out."""

    line_id = Id("orl", required=True, metadata={"description": "The line."})
    sku = fields.String(required=True, metadata={"description": "The product's sku."})
    description = fields.String(required=True, metadata={"description": "The product's name."})
    ordered = Quantity(required=True, metadata={"description": "Ordered."})
    shipped = Quantity(required=True, metadata={"description": "Shipped so far."})
    cancelled = Quantity(required=True, metadata={"description": "Cancelled."})
    open = Quantity(required=True, metadata={"description": "Neither shipped nor cancelled."})
    first_promised_on = Day(
        required=True, allow_none=True, metadata={"description": "What it was promised for first."}
    )
    promised_on = Day(
        required=True, allow_none=True, metadata={"description": "What it is promised for now."}
    )
    waits_for = fields.String(required=True, allow_none=True, validate=WAITS, metadata=WAITS_FOR)
    since = Instant(
        required=True, allow_none=True, metadata={"description": "Since when it waits for that."}
    )


class Delivery(OrderPath):
    """How an order's goods come to the client."""

    account_id = Id("acc", required=True, metadata={"description": "Who is supplied."})
    number = fields.String(required=True, metadata={"description": "The order's number."})
    status = fields.String(required=True, metadata={"description": "The order's."})
    waits_for = fields.String(required=True, allow_none=True, validate=WAITS, metadata=WAITS_FOR)
    since = Instant(
        required=True, allow_none=True, metadata={"description": "Since when it waits for that."}
    )
    is_complete = Flag(
        required=True,
        metadata={"description": "False where there is more than is read for one page."},
    )
    lines = fields.List(
        fields.Nested(DeliveryLine), required=True, metadata={"description": "What goes out."}
    )
    steps = fields.List(
        fields.Nested(Step), required=True, metadata={"description": "What happened, in order."}
    )
