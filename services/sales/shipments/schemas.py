"""What goes into and comes out of shipments."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import (
    Currency,
    Day,
    Id,
    Instant,
    ListOf,
    Minor,
    PageQuery,
    Percent,
    Quantity,
    Schema,
)
from services.sales.orders.rules import LINES_MAX


class LineToSend(Schema):
    """How much of an order line to send."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(
        required=True, metadata={"description": "How many; at most what is open of the line."}
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
        metadata={"description": "The day the goods left, not in the future; left out, today."},
    )


class ShipmentPath(Schema):
    """Names one shipment."""

    shipment_id = Id("shp", required=True, metadata={"description": "The shipment."})


class ShipmentQuery(PageQuery):
    """Which order's shipments to list."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class ShipmentLine(Schema):
    """What was sent of one order line."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    sku = fields.String(
        required=True, attribute="order_line.sku", metadata={"description": "The product's sku."}
    )
    description = fields.String(
        required=True,
        attribute="order_line.description",
        metadata={"description": "The product's name when it was ordered."},
    )
    quantity = Quantity(required=True, metadata={"description": "Sent."})
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


class Shipment(Schema):
    """Goods of an order that have left."""

    shipment_id = Id("shp", required=True, metadata={"description": "The shipment."})
    number = fields.String(required=True, metadata={"description": "What people call it."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    account_id = Id("acc", required=True, metadata={"description": "Who is supplied."})
    currency = Currency(required=True, metadata={"description": "Of all its amounts."})
    shipped_on = Day(required=True, metadata={"description": "The day the goods left."})
    total_net = Minor(required=True, metadata={"description": "The sum of its lines."})
    total_gross = Minor(
        required=True,
        metadata={"description": "Net and tax, the tax per rate rounded half up."},
    )
    sent_at = Instant(required=True, metadata={"description": "When it was entered."})
    sent_by = fields.String(required=True, metadata={"description": "By whom."})
    lines = fields.List(
        fields.Nested(ShipmentLine), required=True, metadata={"description": "What was sent."}
    )
