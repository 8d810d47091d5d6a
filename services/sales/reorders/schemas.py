"""What goes into and comes out of reorder levels."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Flag, Id, PageQuery, Quantity, Schema, Whole
from kernel import grammar


class Least(Quantity):
    """A quantity that may be none."""

    pattern, least = f"0|{grammar.QUANTITY}", 0
    remedy = 'Must be 0 or above, at most 1000000000: text such as "2.5", or a whole number.'


class ReorderPath(Schema):
    """Names the product of a reorder level."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})


class SetReorderLevel(ReorderPath):
    """When a product is to be ordered anew, and how much of it."""

    reorder_at = Least(
        required=True,
        metadata={"description": "Once no more than this is available, it is to be ordered anew."},
    )
    order_quantity = Quantity(
        load_default=None,
        allow_none=True,
        metadata={"description": "How many to order then, if that is agreed."},
    )


class ReorderQuery(PageQuery):
    """Which reorder levels to list."""

    is_reached = Flag(
        load_default=None,
        metadata={"description": "Only of products that have come to it (true), or not (false)."},
    )


class ReorderLevel(SetReorderLevel):
    """When a product is to be ordered anew, and what there is of it."""

    sku = fields.String(required=True, metadata={"description": "Its article number."})
    name = fields.String(required=True, metadata={"description": "What it is called."})
    unit = fields.String(required=True, metadata={"description": "What one of it is called."})
    available = Quantity(
        required=True,
        allow_none=True,
        metadata={
            "description": "On hand and not reserved, now; null while it is counted blind, for whoever "
            "counts it or may not approve counts."
        },
    )
    coming = Quantity(required=True, metadata={"description": "Planned to come in from today on."})
    is_reached = Flag(required=True, metadata={"description": "Whether it is to be ordered anew."})
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
