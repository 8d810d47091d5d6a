"""What is listened to of what is to be billed of orders."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Id, Quantity, Schema, Whole
from kernel import grammar


class Level(Quantity):
    """How much there is: none, or more."""

    pattern, least = rf"0(\.0{{1,3}})?|{grammar.QUANTITY}", 0
    remedy = 'Must be 0 or above, at most 1000000000: text such as "2.5", or a whole number.'


class BillableLine(Schema):
    """How much of an order line is to be billed in all."""

    class Meta:
        unknown = EXCLUDE

    line_id = Id("orl", required=True)
    description = fields.String(required=True)
    quantity = Level(required=True)
    kept = Level(required=True)


class OrderBillableChanged(Subscription, source="sales"):
    """What is to be billed in all of an order that is billed on order."""

    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)
    lines = fields.List(fields.Nested(BillableLine), required=True)
