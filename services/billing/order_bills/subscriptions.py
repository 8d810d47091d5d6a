"""What is heard of order bills, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Percent, Quantity, Schema, Text


class AskedLine(Schema):
    """How much of an order line is to be billed, at which net price."""

    class Meta:
        unknown = EXCLUDE

    order_line_id = Id("orl", required=True, data_key="line_id")
    description = Text(required=True, longest=500)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True, least=0)
    tax_percent = Percent(required=True)


class OrderBillAsked(Subscription, source="sales"):
    """Lines of an order are to be billed, or a shipment whose invoice is void."""

    account_id = Id("acc", required=True)
    bill_id = Id("obl", required=True)
    order_id = Id("ord", required=True)
    client_order_number = fields.String(required=True, allow_none=True)
    currency = Currency(required=True)
    shipment_id = Id("shp", required=True, allow_none=True)
    lines = fields.List(fields.Nested(AskedLine), required=True)
