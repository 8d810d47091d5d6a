"""What goes into and comes out of tolerances."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Id, Instant, Quantity, Schema

UNDER = {
    "description": "From this part of what was ordered on a line is complete, as a factor: 0.95; 1 for "
    "no less than all."
}
OVER = {
    "description": "Up to this multiple of what was ordered may be shipped, as a factor: 1.05; 1 for no "
    "more than all, 2 at the most."
}


class ProductPath(Schema):
    """Names one product."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})


class AccountPath(Schema):
    """Names one account."""

    account_id = Id("acc", required=True, metadata={"description": "The account."})


class NewProductTolerance(ProductPath):
    """What is to be tolerated of a product."""

    under = Quantity(required=True, metadata=UNDER)
    over = Quantity(required=True, metadata=OVER)

    example: ClassVar = {"under": "0.95", "over": "1.05"}


class NewAccountTolerance(AccountPath):
    """What is agreed with a client."""

    under = Quantity(required=True, metadata=UNDER)
    over = Quantity(required=True, metadata=OVER)

    example: ClassVar = {"under": "0.95", "over": "1.05"}


class _Tolerance(Schema):
    under = Quantity(required=True, metadata=UNDER)
    over = Quantity(required=True, metadata=OVER)
    changed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was set; null: never."}
    )
    changed_by = fields.String(required=True, allow_none=True, metadata={"description": "By whom."})


class ProductTolerance(ProductPath, _Tolerance):
    """How much less or more of a product than was ordered may be shipped."""


class AccountTolerance(AccountPath, _Tolerance):
    """How much less or more than was ordered may be shipped to a client, whatever the product."""
