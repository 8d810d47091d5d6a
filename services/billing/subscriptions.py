"""What billing listens to, with only the fields it uses."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from chassis.events import ACCOUNT_EVENTS, Subscription
from chassis.fields import Currency, Flag, Id, Minor, Percent, Quantity, Schema, Text, Whole
from services.billing.taxes.rules import REASON_LENGTH_MAX, TaxCode


class AccountSnapshot(Subscription):
    """What every event about an account carries."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    net_days = Whole(required=True)
    country = fields.String(load_default=None)
    parent_id = Id("acc", load_default=None, allow_none=True)
    payer_id = Id("acc", load_default=None, allow_none=True)
    order_number_required = Flag(load_default=False)


ACCOUNT = AccountSnapshot.to("accounts", *ACCOUNT_EVENTS)


class AccountClosing(AccountSnapshot, source="accounts"):
    """An account is to be closed, if we agree."""


class _OrderSnapshot(Subscription):
    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    currency = Currency(load_default=None)


class _EndedOrder(_OrderSnapshot):
    is_ended = fields.Constant(True)  # noqa: FBT003


class OrderConfirmed(_OrderSnapshot, source="sales"):
    """An order may be billed."""

    is_ended = fields.Constant(False)  # noqa: FBT003


class OrderAmended(_OrderSnapshot, source="sales"):
    """What was agreed has changed; perhaps nothing is left of it."""

    is_ended = Flag(required=True)


class OrderIntroduced(_OrderSnapshot, source="sales"):
    """An order as it is."""

    is_ended = Flag(required=True)


ORDER: tuple[type[Subscription], ...] = (
    OrderConfirmed,
    OrderAmended,
    OrderIntroduced,
    *_EndedOrder.to("sales", "order_cancelled", "order_completed"),
)


class ShippedLine(Schema):
    """A line of a shipment: what was sent, at which net price."""

    class Meta:
        unknown = EXCLUDE

    description = Text(required=True, longest=500)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True, least=0)
    tax_percent = Percent(required=True)
    tax_code = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(list(TaxCode))
    )
    exemption_reason = Text(load_default=None, allow_none=True, longest=REASON_LENGTH_MAX)
    order_line_id = Id("orl", load_default=None, data_key="line_id")


class ShipmentSent(Subscription, source="sales"):
    account_id = Id("acc", required=True)
    shipment_id = Id("shp", required=True)
    number = fields.String(load_default=None)
    order_id = Id("ord", required=True)
    order_number = fields.String(load_default=None)
    client_order_number = fields.String(load_default=None, allow_none=True)
    currency = Currency(required=True)
    shipped_on = fields.Date(load_default=None)
    is_billed_apart = Flag(load_default=False)
    bills_on = fields.String(load_default="shipment")
    lines = fields.List(fields.Nested(ShippedLine), required=True)
