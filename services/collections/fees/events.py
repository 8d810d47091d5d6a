"""What is announced of fees. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Whole

_FEE: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "fee_id": "fee_01jd3v4q6ye8z9t5k2m7n0p1xf",
    "version": 1,
    "kind": "fee",
    "currency": "EUR",
    "amount": 1040,
    "notice_id": "dnt_01jd3v4q6ye8z9t5k2m7n0p1xn",
    "item_ids": ["itm_01jd3v4q6ye8z9t5k2m7n0p1xk"],
    "basis": "4 % of 260.00 EUR",
    "assessed_on": "2026-04-16",
}


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class _FeeEvent(AccountEvent):
    """What every event of a fee says."""

    fee_id = Id("fee", required=True)
    version = Whole(**_told("Grows with each event of the fee; the highest is the truth."))
    kind = fields.String(
        **_told(
            "A fee, interest, or the charge for a letter.",
            validate=validate.OneOf(["fee", "interest", "letter"]),
        )
    )
    currency = Currency(required=True)
    amount = Minor(**_told("What the client is to pay; free of tax.", least=1))
    notice_id = Id("dnt", **_told("The notice it was assessed with."))
    item_ids = fields.List(Id("itm"), **_told("What it is about."))
    basis = fields.String(**_told("How it was figured, in words."))
    assessed_on = Day(required=True)


class FeeAssessed(_FeeEvent):
    """A notice costs the client something. Billing answers with `fee_posted`, or with `fee_refused`.
    Nothing announces it yet; billing listens already."""

    says = "{amount} charged ({kind}): {basis}."
    example: ClassVar = _FEE


class FeeWaived(_FeeEvent):
    """A fee is forgiven, paid or not. Nothing announces it yet; billing listens already."""

    waived_on = Day(required=True)
    reason = fields.String(**_told("Why, for the record."))

    says = "{amount} waived ({kind}): {reason}"
    example: ClassVar = _FEE | {
        "version": 2,
        "waived_on": "2026-04-20",
        "reason": "The reminder crossed with the payment.",
    }


class FeeReinstated(_FeeEvent):
    """A fee that was waived is asked for after all. Nothing announces it yet; billing listens already."""

    reinstated_on = Day(required=True)
    reason = fields.String(**_told("Why, for the record."))

    says = "{amount} asked for after all ({kind}): {reason}"
    example: ClassVar = _FEE | {
        "version": 3,
        "reinstated_on": "2026-04-22",
        "reason": "The payment came a week late.",
    }
