"""What is heard of order bills and deposits, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Id, Minor


class _Billed(Subscription):
    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(required=True)
    total = Minor(required=True)


class _Refused(Subscription):
    code = fields.String(required=True)
    reason = fields.String(required=True)


class OrderBilled(_Billed, source="billing"):
    """What was asked to be billed of an order is."""

    bill_id = Id("obl", required=True)


class DepositBilled(_Billed, source="billing"):
    """A deposit is asked for by an invoice."""

    bill_id = Id("dep", required=True, data_key="deposit_id")


class OrderBillRefused(_Refused, source="billing"):
    """What was asked to be billed of an order cannot be."""

    bill_id = Id("obl", required=True)


class DepositRefused(_Refused, source="billing"):
    """A deposit cannot be asked for."""

    bill_id = Id("dep", required=True, data_key="deposit_id")


class OrderEnded(Subscription):
    """Nothing of one of our orders is open any more."""

    order_id = Id("ord", required=True)


ORDER_ENDED = OrderEnded.to("sales", "order_cancelled", "order_completed")
