"""What goes into and comes out of products."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from chassis.fields import Currency, Id, Minor, PageQuery, Schema, Text


class Percent(fields.Decimal):
    """A percentage from 0 to 100 with up to two decimals, as text: "19.00"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(as_string=True, allow_nan=False, **options)
        self.metadata.setdefault("example", "19.00")

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Decimal:
        if isinstance(value, bool | float):
            raise ValidationError('Must be text such as "19.00".')
        percent: Decimal = super()._deserialize(value, attr, data, **options)
        if not 0 <= percent <= 100 or percent != percent.quantize(Decimal("0.01")):
            raise ValidationError("Must be from 0 to 100 with up to two decimals.")
        return percent

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        return None if value is None else format(value, ".2f")


class Sku(Text):
    """What the business calls a product: letters, digits and . _ / + - without spaces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=64, **options)
        self.validators.append(
            validate.Regexp(
                r"[A-Za-z0-9][A-Za-z0-9._/+-]*\Z",
                error="Must be letters, digits and . _ / + - without spaces.",
            )
        )
        self.metadata.setdefault("example", "CHAIR-01")


class ProductPath(Schema):
    """Names one product."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})


class NewProduct(Schema):
    """A product to be sold."""

    sku = Sku(required=True, metadata={"description": "Its unique article number; stays for ever."})
    name = Text(longest=200, required=True, metadata={"description": "What order lines call it."})
    unit_price = Minor(
        least=0, required=True, metadata={"description": "Net price of one, in minor units."}
    )
    currency = Currency(required=True, metadata={"description": "The price's currency."})
    tax_percent = Percent(
        required=True, metadata={"description": "The tax that is added to the net price."}
    )


class EditProduct(ProductPath):
    """What is to be changed; all else stays."""

    name = Text(longest=200, metadata={"description": "What new order lines will call it."})
    unit_price = Minor(
        least=0, metadata={"description": "Net price of one for new order lines, in minor units."}
    )
    tax_percent = Percent(metadata={"description": "The tax for new order lines."})


class ProductQuery(PageQuery):
    """Which products to list."""

    search = Text(
        longest=100, load_default=None, metadata={"description": "A part of the sku or the name."}
    )
    is_active = fields.Boolean(
        load_default=None, metadata={"description": "Only those on sale (true) or retired (false)."}
    )


class Product(NewProduct):
    """A product."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})
    is_active = fields.Boolean(
        required=True, metadata={"description": "Whether it can be put on new order lines."}
    )
    version = fields.Integer(
        required=True, metadata={"description": "Grows with every change; the ETag."}
    )
