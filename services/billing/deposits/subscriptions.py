"""What is heard of deposits, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Percent, Schema
from services.billing.taxes.rules import TaxCode


class OrderedRate(Schema):
    """What is ordered at one rate of tax, net."""

    class Meta:
        unknown = EXCLUDE

    tax_percent = Percent(required=True)
    tax_code = fields.String(required=True, allow_none=True, validate=validate.OneOf(list(TaxCode)))
    net = Minor(required=True, least=0)


class DepositAsked(Subscription, source="sales"):
    """A part of an order is to be billed ahead."""

    account_id = Id("acc", required=True)
    deposit_id = Id("dep", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    client_order_number = fields.String(required=True, allow_none=True)
    currency = Currency(required=True)
    percent = Percent(required=True)
    ordered = fields.List(fields.Nested(OrderedRate), required=True)
