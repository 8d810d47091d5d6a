"""What is heard of returns, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Percent, Quantity, Schema, Whole


class UnsoldGoods(Schema):
    """What is credited for goods that no order of ours had sold before."""

    class Meta:
        unknown = EXCLUDE

    description = fields.String(required=True)
    unit_price = Minor(required=True)
    tax_percent = Percent(required=True)


class AcceptedLine(Schema):
    """What of an order line was accepted, and what is kept back of it, net."""

    class Meta:
        unknown = EXCLUDE

    order_line_id = Id("orl", required=True, data_key="line_id")
    quantity = Quantity(required=True)
    kept_back = Minor(required=True, least=0)
    lowered_by = Minor(load_default=None, allow_none=True)
    unsold = fields.Nested(UnsoldGoods, load_default=None, allow_none=True)


class ReturnAccepted(Subscription, source="sales"):
    """Goods came back; what was billed of them is to be credited."""

    account_id = Id("acc", required=True)
    return_id = Id("ret", required=True)
    part = Whole(load_default=1)
    number = fields.String(required=True)
    order_id = Id("ord", required=True)
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(AcceptedLine), required=True)
