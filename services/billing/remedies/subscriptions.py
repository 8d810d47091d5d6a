"""What is heard of remedies, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Flag, Id, Minor, Quantity, Schema, Whole


class RemedyLine(Schema):
    """A part of an invoice's line that is made good, net."""

    class Meta:
        unknown = EXCLUDE

    position = Whole(required=True)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True)


class RemedyGranted(Subscription, source="accounts"):
    """A remedy is to be carried out; billing does where it is credit or goodwill."""

    account_id = Id("acc", required=True)
    remedy_id = Id("rem", required=True)
    kind = fields.String(required=True)
    currency = Currency(required=True)
    amount = Minor(required=True)
    is_by_lines = Flag(required=True)
    invoice_id = Id("inv", required=True, allow_none=True)
    lines = fields.List(fields.Nested(RemedyLine), required=True)
    cause = fields.String(load_default=None, allow_none=True)
