"""What is announced of order bills. Billing answers each one once, with one of these. Amounts are in
minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor
from services.billing.events import ACCOUNT, told

_BILL: dict[str, Any] = ACCOUNT | {
    "bill_id": "obl_01jd3v4q6ye8z9t5k2m7n0p1xd",
    "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xf",
}


class _Answer(AccountEvent):
    """What both answers say."""

    bill_id = Id("obl", required=True)
    order_id = Id("ord", required=True)


class OrderBilled(_Answer):
    """What sales asked to be billed of an order (`order_bill_asked`) is demanded by an invoice."""

    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(required=True)
    currency = Currency(required=True)
    total = Minor(**told("What is demanded, with tax."))

    says = "{total} of an order billed by invoice {invoice_number}."
    example: ClassVar = _BILL | {
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "invoice_number": "2026-000123",
        "currency": "EUR",
        "total": 59500,
    }


class OrderBillRefused(_Answer):
    """What sales asked to be billed of an order (`order_bill_asked`) cannot be."""

    code = fields.String(**told("The refusal, for programs, such as account_closed."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Order bill refused: {reason}"
    example: ClassVar = _BILL | {
        "code": "shipment_billed",
        "reason": "Shipment SH-100001 is billed by invoice 2026-000124 already.",
    }
