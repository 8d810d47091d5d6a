"""What goes into and comes out of reservations and of how stock is kept."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Id, Instant, PageQuery, Quantity, Schema, Whole
from services.sales.reservations.rules import ReservesAt


class StockSettings(Schema):
    """How stock is kept."""

    reserves_at = fields.String(
        required=True,
        validate=validate.OneOf(list(ReservesAt)),
        metadata={
            "description": "When an order's goods are reserved: when it is confirmed, or when a shipment "
            "of it is assigned."
        },
    )


class KeptSettings(StockSettings):
    """How stock is kept, since when."""

    set_at = Instant(
        required=True, allow_none=True, metadata={"description": "Null: it was always so."}
    )
    set_by = fields.String(required=True, allow_none=True, metadata={"description": "By whom."})
    version = Whole(required=True, metadata={"description": "Grows with every change."})


class ReservationQuery(PageQuery):
    """Which reservations to list."""

    order_id = Id("ord", load_default=None, metadata={"description": "Only those of this order."})
    product_id = Id(
        "prd", load_default=None, metadata={"description": "Only those of this product."}
    )


class Reservation(Schema):
    """What an order line wants of the stock, and what is reserved for it."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    order_id = Id("ord", required=True, metadata={"description": "Its order."})
    account_id = Id("acc", required=True, metadata={"description": "Whose it is."})
    product_id = Id("prd", required=True, metadata={"description": "What is wanted."})
    quantity = Quantity(required=True, metadata={"description": "Wanted and not shipped yet."})
    reserved = Quantity(
        required=True,
        metadata={"description": "Kept for the line; the rest waits for goods to come in."},
    )
    promised_on = Day(
        required=True,
        allow_none=True,
        metadata={
            "description": "The oldest promise comes first; null: after all that are promised."
        },
    )
    wanted_at = Instant(required=True, metadata={"description": "Since when it is wanted."})
