"""What billing listens to, with only the fields it uses."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Percent, Quantity, Schema, Text, Whole


class _AccountSnapshot(Subscription):
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    net_days = Whole(required=True)


class AccountOpened(_AccountSnapshot, source="accounts"):
    pass


class AccountEdited(_AccountSnapshot, source="accounts"):
    pass


class AccountOnboarding(_AccountSnapshot, source="accounts"):
    pass


class AccountActivated(_AccountSnapshot, source="accounts"):
    pass


class AccountHeld(_AccountSnapshot, source="accounts"):
    pass


class AccountReleased(_AccountSnapshot, source="accounts"):
    pass


class AccountClosing(_AccountSnapshot, source="accounts"):
    pass


class AccountClosingRefused(_AccountSnapshot, source="accounts"):
    pass


class AccountClosingWithdrawn(_AccountSnapshot, source="accounts"):
    pass


class AccountClosed(_AccountSnapshot, source="accounts"):
    pass


class TermsChanged(_AccountSnapshot, source="accounts"):
    pass


class _OrderSnapshot(Subscription):
    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    currency = Currency(load_default=None)


class OrderConfirmed(_OrderSnapshot, source="sales"):
    pass


class OrderCancelled(_OrderSnapshot, source="sales"):
    pass


class OrderCompleted(_OrderSnapshot, source="sales"):
    pass


class ShippedLine(Schema):
    """A line of a shipment: what was sent, at which net price."""

    class Meta:
        unknown = EXCLUDE

    description = Text(required=True, longest=500)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True, least=0)
    tax_percent = Percent(required=True)


class ShipmentSent(Subscription, source="sales"):
    account_id = Id("acc", required=True)
    shipment_id = Id("shp", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(load_default=None)
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(ShippedLine), required=True)
