"""What goes into and comes out of products."""

from __future__ import annotations

from chassis.fields import (
    Code,
    Currency,
    Flag,
    Id,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Quantity,
    Schema,
    Whole,
)
from services.sales.products.rules import UNSAID


class Sku(Code):
    """What the business calls a product: letters, digits and . _ / + - without spaces."""

    pattern = "[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}"
    remedy = "Must be up to 64 letters, digits and . _ / + - without spaces."
    sample = "CHAIR-01"


IS_STOCKED = {
    "description": "Whether it is kept in stock, and sent only where it is on hand; once it is, for ever."
}
UNIT = {"description": "What one of it is called, such as piece or kg."}
PACK_SIZE = {"description": "How many units a pack of it holds: 2 for a box of 2."}


class ProductPath(Schema):
    """Names one product."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})


class NewProduct(Schema):
    """A product to be sold."""

    sku = Sku(required=True, metadata={"description": "Its unique article number; stays for ever."})
    name = OneLine(
        longest=200, required=True, metadata={"description": "What order lines call it."}
    )
    unit_price = Minor(
        least=0, required=True, metadata={"description": "Net price of one, in minor units."}
    )
    currency = Currency(required=True, metadata={"description": "The price's currency."})
    tax_percent = Percent(
        required=True, metadata={"description": "The tax that is added to the net price."}
    )
    is_stocked = Flag(load_default=UNSAID["is_stocked"], metadata=IS_STOCKED)
    unit = OneLine(longest=40, load_default=UNSAID["unit"], metadata=UNIT)
    pack_size = Quantity(load_default=UNSAID["pack_size"], metadata=PACK_SIZE)


class EditProduct(ProductPath):
    """What is to be changed; all else stays."""

    name = OneLine(longest=200, metadata={"description": "What new order lines will call it."})
    unit_price = Minor(
        least=0, metadata={"description": "Net price of one for new order lines, in minor units."}
    )
    tax_percent = Percent(metadata={"description": "The tax for new order lines."})
    is_stocked = Flag(metadata=IS_STOCKED)
    unit = OneLine(longest=40, metadata=UNIT)
    pack_size = Quantity(metadata=PACK_SIZE)


class ProductQuery(PageQuery):
    """Which products to list."""

    search = OneLine(
        longest=100, load_default=None, metadata={"description": "A part of the sku or the name."}
    )
    is_active = Flag(
        load_default=None, metadata={"description": "Only those on sale (true) or retired (false)."}
    )


class Product(NewProduct):
    """A product."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})
    is_active = Flag(
        required=True, metadata={"description": "Whether it can be put on new order lines."}
    )
    is_stocked = Flag(required=True, metadata=IS_STOCKED)
    unit = OneLine(longest=40, required=True, metadata=UNIT)
    pack_size = Quantity(required=True, metadata=PACK_SIZE)
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
