"""Batches of products, coming in and what became of them."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import EachByItself, Flag, Id, OneLine, Quantity, Result, Schema, Whole
from services.sales.products.schemas import IS_STOCKED, PACK_SIZE, UNIT, NewProduct, Sku

BATCH_MAX = 500
LEFT_OUT = " Left out, it is as it is there; of a new one {}."


class ProductToOffer(NewProduct):
    """A product that is to be offered, if it is not yet."""

    is_stocked = Flag(
        metadata={"description": IS_STOCKED["description"] + LEFT_OUT.format("false")}
    )
    unit = OneLine(
        longest=40, metadata={"description": UNIT["description"] + LEFT_OUT.format("piece")}
    )
    pack_size = Quantity(metadata={"description": PACK_SIZE["description"] + LEFT_OUT.format("1")})


class NewProductBatch(Schema):
    """Products to be offered."""

    products = EachByItself(
        fields.Nested(ProductToOffer),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class OfferedProduct(Result):
    """What became of one product: offered or found, with its id; or refused, with the reason."""

    product_id = Id("prd", metadata={"description": "The product, where there is one."})
    sku = Sku(metadata={"description": "Its article number."})
    is_active = Flag(
        metadata={"description": "Whether it can be put on new order lines: not if it is retired."}
    )
    is_new = Flag(metadata={"description": "Whether it was offered now."})


class ProductBatch(Schema):
    """What became of each product of a batch."""

    offered = Whole(metadata={"description": "How many were offered."})
    found = Whole(metadata={"description": "How many were there."})
    refused = Whole(metadata={"description": "How many were not offered."})
    results = fields.List(
        fields.Nested(OfferedProduct),
        metadata={"description": "One for each product sent, in their order."},
    )
