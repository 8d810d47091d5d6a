"""What opens returns, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Flag, Id, Minor, Quantity, Schema, Whole


class RemedyLine(Schema):
    """A part of an invoice's line that a remedy makes good."""

    class Meta:
        unknown = EXCLUDE

    position = Whole(required=True)
    order_line_id = Id("orl", load_default=None, allow_none=True)
    description = fields.String(required=True)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True)
    is_returned = Flag(required=True)


class RemedyGranted(Subscription, source="accounts"):
    """A remedy was granted; a return and a replacement are ours to carry out."""

    account_id = Id("acc", required=True)
    remedy_id = Id("rem", required=True)
    kind = fields.String(required=True)
    lines = fields.List(fields.Nested(RemedyLine), required=True)
    cause = fields.String(required=True, allow_none=True)


class _Ordered(Subscription):
    order_id = Id("ord", required=True)


class ReturnsOrdered(_Ordered, source="sales", event="order_confirmed"):
    """One of our orders was agreed to; some of its lines may be below nothing."""


class ReturnsAmended(_Ordered, source="sales", event="order_amended"):
    """One of our orders was changed; some of its new lines may be below nothing."""


ORDERED = (ReturnsOrdered, ReturnsAmended)


class _OrderOver(Subscription):
    order_id = Id("ord", required=True)


class ReturnsCancelled(_OrderOver, source="sales", event="order_cancelled"):
    """One of our orders was cancelled, and what was to come back by it."""


class ReturnsEnded(_OrderOver, source="sales", event="order_completed"):
    """Nothing is open any more of one of our orders; the rest may have been cancelled."""


ORDER_OVER = (ReturnsCancelled, ReturnsEnded)
