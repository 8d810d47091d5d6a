"""What goes into and comes out of lines of orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.fields import Day, Flag, Id, Minor, Percent, Quantity, Schema, SignedQuantity, Text
from services.sales.products.schemas import Sku

NOTE = {"description": "What is to be remembered of it."}
PROMISED_ON = {
    "description": "The day the client was promised it for; today or later, or, as an order of days gone "
    "by is entered, its ordered_on or later."
}
RETURNED = {
    "description": "Of a quantity below 0: the line by which the goods were sold that come back. Price, "
    "discount and tax are those of then."
}


class NewLine(Schema):
    """A product to be ordered, named by its id or its sku."""

    product_id = Id("prd", metadata={"description": "The product; or give its sku."})
    sku = Sku(metadata={"description": "The product's sku; or give its product_id."})
    quantity = SignedQuantity(
        required=True, metadata={"description": "How many; below 0 for goods that come back."}
    )
    unit_price = Minor(
        least=0,
        metadata={
            "description": "Net price of one before discount, in minor units of the order's currency; "
            "left out, the product's price of this moment."
        },
    )
    discount_percent = Percent(
        load_default=Decimal(0),
        metadata={"description": "Taken off the unit price, which is then rounded half up."},
    )
    promised_on = Day(load_default=None, allow_none=True, metadata=PROMISED_ON)
    note = Text(longest=500, load_default=None, allow_none=True, metadata=NOTE)
    returns_line_id = Id("orl", load_default=None, allow_none=True, metadata=RETURNED)

    example: ClassVar = {"product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw", "quantity": "2"}

    @validates_schema
    def name_one_product(self, data: dict[str, Any], **_: Any) -> None:
        if ("product_id" in data) == ("sku" in data):
            raise ValidationError("Give either product_id or sku.", "sku")


class OrderLine(Schema):
    """A line of an order, as it was agreed."""

    line_id = Id("orl", required=True, metadata={"description": "The line."})
    product_id = Id("prd", required=True, metadata={"description": "The product."})
    sku = fields.String(required=True, metadata={"description": "The product's sku."})
    description = fields.String(
        required=True, metadata={"description": "The product's name when the line was made."}
    )
    is_return_line = Flag(
        required=True, metadata={"description": "Goods that come back: quantities are below 0."}
    )
    quantity = SignedQuantity(
        required=True, attribute="quantities.ordered", metadata={"description": "Ordered."}
    )
    shipped = Quantity(
        required=True, attribute="quantities.shipped", metadata={"description": "Shipped so far."}
    )
    cancelled = SignedQuantity(
        required=True, attribute="quantities.cancelled", metadata={"description": "Cancelled."}
    )
    returned = Quantity(
        required=True,
        attribute="quantities.returned",
        metadata={"description": "Of a return line: what came back so far."},
    )
    open = SignedQuantity(
        required=True,
        attribute="quantities.open",
        metadata={"description": "Neither shipped, come back nor cancelled."},
    )
    unit_price = Minor(required=True, metadata={"description": "Net, before discount."})
    discount_percent = Percent(required=True, metadata={"description": "Taken off."})
    net_unit_price = Minor(
        required=True, metadata={"description": "Net, after discount, rounded half up."}
    )
    tax_percent = Percent(required=True, metadata={"description": "The tax added to net."})
    net = Minor(
        required=True,
        metadata={"description": "Quantity ordered times net unit price, rounded half up."},
    )
    promised_on = Day(required=True, allow_none=True, metadata=PROMISED_ON)
    note = fields.String(required=True, allow_none=True, metadata=NOTE)
    returns_line_id = Id("orl", required=True, allow_none=True, metadata=RETURNED)
