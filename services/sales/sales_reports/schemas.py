"""What reports of sales are asked for, and what they say."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, PageQuery, Quantity, Schema, Total
from services.sales.sales_reports.rules import By


class SalesQuery(PageQuery):
    """Which sales to add up, and by what."""

    by = fields.String(
        required=True,
        validate=validate.OneOf([str(one) for one in By]),
        metadata={
            "description": "product, account or month: what a line is of.",
            "example": "product",
        },
    )
    currency = Currency(
        required=True, metadata={"description": "Only sales in it: none are added to others."}
    )
    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    product_id = Id("prd", load_default=None, metadata={"description": "Only of this product."})
    period_from = Day(
        load_default=None,
        data_key="from",
        metadata={"description": "Only what was shipped or came back on this day or later."},
    )
    period_to = Day(
        load_default=None,
        data_key="to",
        metadata={"description": "Only what was shipped or came back on this day or before."},
    )


class Sales(Schema):
    """What was shipped and what came back of one product, account or month. Amounts are net, in minor
    units."""

    name = fields.String(
        required=True,
        metadata={"description": "The product's sku, the account's id, or the month as YYYY-MM."},
    )
    product_id = Id(
        "prd", required=True, allow_none=True, metadata={"description": "By product: which."}
    )
    account_id = Id(
        "acc", required=True, allow_none=True, metadata={"description": "By account: whose."}
    )
    currency = Currency(required=True, metadata={"description": "Of the amounts."})
    shipped = Quantity(required=True, metadata={"description": "How much has left."})
    shipped_net = Total(
        required=True,
        metadata={"description": "What that was sold for, each line rounded half up."},
    )
    returned = Quantity(
        required=True, metadata={"description": "How much came back and was accepted."}
    )
    credited_net = Total(
        required=True,
        metadata={"description": "What was credited for it, less what was kept back of it."},
    )
    net = Total(required=True, metadata={"description": "Shipped less credited."})
