"""What is announced of refunds. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor
from services.billing.events import ACCOUNT, told

_REFUND = {
    **ACCOUNT,
    "refund_id": "rfd_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "payment_id": "pay_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "credit_note_id": None,
    "currency": "EUR",
    "amount": 2500,
}


class _RefundEvent(AccountEvent):
    """What every event of a refund says."""

    refund_id = Id("rfd", required=True)
    payment_id = Id("pay", required=True, allow_none=True)
    credit_note_id = Id("crn", required=True, allow_none=True)
    currency = Currency(required=True)
    amount = Minor(required=True)


class PaymentRefunded(_RefundEvent):
    """Money was given back, out of a payment or a credit note."""

    refunded_on = Day(required=True)
    crediting_note_id = Id(
        "crn",
        **told(
            "The credit note issued with it, so that nothing is owed again.",
            allow_none=True,
            dump_default=None,
        ),
    )

    says = "{amount} refunded."
    example: ClassVar = {**_REFUND, "refunded_on": "2026-04-10", "crediting_note_id": None}


class RefundReversed(_RefundEvent):
    """A refund was none, or its money came back."""

    reversed_on = Day(required=True)
    reason = fields.String(required=True)

    says = "Refund of {amount} taken back: {reason}"
    example: ClassVar = _REFUND | {
        "reversed_on": "2026-04-12",
        "reason": "The transfer came back: account closed.",
    }
