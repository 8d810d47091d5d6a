"""What is announced of deposits. Billing answers each one once, with one of these. Amounts are in minor
units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor
from services.billing.events import ACCOUNT, told

_DEPOSIT: dict[str, Any] = ACCOUNT | {
    "deposit_id": "dep_01jd3v4q6ye8z9t5k2m7n0p1xd",
    "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xf",
}


class _DepositAnswer(AccountEvent):
    """What both answers say."""

    deposit_id = Id("dep", required=True)
    order_id = Id("ord", required=True)


class DepositBilled(_DepositAnswer):
    """A deposit that sales asked for is demanded by an invoice, which is taken off those of the order's
    shipments."""

    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(required=True)
    currency = Currency(required=True)
    total = Minor(**told("What is demanded, with tax."))

    says = "Deposit of {total} asked for by invoice {invoice_number}."
    example: ClassVar = _DEPOSIT | {
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "invoice_number": "2026-000123",
        "currency": "EUR",
        "total": 8568,
    }


class DepositRefused(_DepositAnswer):
    """A deposit that sales asked for (`deposit_asked`) cannot be billed."""

    code = fields.String(**told("The refusal, for programs, such as order_ended."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Deposit refused: {reason}"
    example: ClassVar = _DEPOSIT | {
        "code": "order_ended",
        "reason": "Order SO-100001 is completed or cancelled; bill what is owed of it without a deposit.",
    }
