"""What is billed of an order, going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Id, Quantity, Schema, SignedQuantity


class OrderPath(Schema):
    """Names one order."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class LineBilling(Schema):
    """What became of an order line, in quantities."""

    order_line_id = Id("orl", metadata={"description": "The order line."})
    description = fields.String(metadata={"description": "What it is of."})
    shipped = Quantity(metadata={"description": "Went to the client."})
    returned = Quantity(metadata={"description": "Came back and was accepted."})
    billed = Quantity(metadata={"description": "On invoices that are not void."})
    credited = Quantity(metadata={"description": "Of what is billed: by credit notes, not void."})
    agreed = Quantity(
        allow_none=True,
        metadata={
            "description": "Of an order that is billed on order, to be billed in all, before what came "
            "back; null of one that is billed as it is shipped."
        },
    )
    kept = Quantity(metadata={"description": "Billed beyond that and stays so, as a person said."})
    to_bill = SignedQuantity(
        metadata={
            "description": "shipped (or agreed) - returned - (billed - credited). Below 0: that much "
            "came back or is not agreed any more, is billed and not credited, but for what is kept."
        }
    )


class OrderBilling(Schema):
    """What is billed of an order, line by line: those of which something was shipped for money, and of
    one that is billed on order those that are to be billed."""

    order_id = Id("ord", metadata={"description": "The order."})
    account_id = Id("acc", metadata={"description": "Whose order it is."})
    number = fields.String(
        allow_none=True, metadata={"description": "What people call it, where that is known."}
    )
    currency = Currency(allow_none=True, metadata={"description": "Its currency, where known."})
    lines = fields.List(fields.Nested(LineBilling), metadata={"description": "In their order."})
