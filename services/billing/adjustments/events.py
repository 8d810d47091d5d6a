"""What is announced of adjustments. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Schema
from services.billing.adjustments.rules import AdjustmentKind
from services.billing.events import ACCOUNT, told

_WRITE_OFF = {**ACCOUNT, "write_off_id": "wof_01jd3v4q6ye8z9t5k2m7n0p1xv"}
_ADJUSTMENT = ACCOUNT | {
    "adjustment_id": "adj_01jd3v4q6ye8z9t5k2m7n0p1xj",
    "kind": "write_off",
    "currency": "EUR",
    "amount": 11900,
}


class Components(Schema):
    """What an amount given up consists of; in all it is the amount."""

    net = Minor(**told("Of sales, without tax, and of debit notes."))
    tax = Minor(**told("Of sales, in the proportion of their invoices."))
    fee = Minor(**told("Of fees and letters."))
    interest = Minor(**told("Of interest."))


class _AdjustmentEvent(AccountEvent):
    """What every event of an adjustment says."""

    adjustment_id = Id("adj", required=True)
    kind = fields.String(
        **told(
            "Written off, a difference too small to ask for, a discount for paying early; or what came "
            "too much and is not owed back. More may come.",
            validate=validate.OneOf(list(AdjustmentKind)),
        )
    )
    currency = Currency(required=True)
    amount = Minor(**told("What is not owed any more."))


class AdjustmentMade(_AdjustmentEvent):
    """Something that was owed is given up; which items, is announced by AllocationMade."""

    adjusted_on = Day(required=True)
    components = fields.Nested(Components, required=True)
    reason = fields.String(required=True)

    says = "{amount} given up ({kind}): {reason}"
    example: ClassVar = _ADJUSTMENT | {
        "adjusted_on": "2026-07-01",
        "components": {"net": 10000, "tax": 1900, "fee": 0, "interest": 0},
        "reason": "Insolvent; nothing is to be expected.",
    }


class AdjustmentReversed(_AdjustmentEvent):
    """What had been given up is owed again."""

    reversed_on = Day(required=True)
    reason = fields.String(required=True)

    says = "{amount} owed again ({kind} reversed): {reason}"
    example: ClassVar = _ADJUSTMENT | {
        "reversed_on": "2026-07-04",
        "reason": "The wrong client.",
    }


class WriteOffBooked(AccountEvent):
    """What collections approved is given up, as far as it was still owed."""

    write_off_id = Id("wof", required=True)
    adjustment_id = Id("adj", required=True)
    currency = Currency(required=True)
    amount = Minor(**told("In all; less than approved where some was paid meanwhile."))
    components = fields.Nested(Components, required=True)
    booked_on = Day(required=True)

    says = "{amount} written off."
    example: ClassVar = _WRITE_OFF | {
        "adjustment_id": "adj_01jd3v4q6ye8z9t5k2m7n0p1xj",
        "currency": "EUR",
        "amount": 11900,
        "components": {"net": 10000, "tax": 1900, "fee": 0, "interest": 0},
        "booked_on": "2026-07-01",
    }


class WriteOffRefused(AccountEvent):
    """What collections approved cannot be given up; nothing of it is."""

    write_off_id = Id("wof", required=True)
    code = fields.String(**told("The refusal, for programs, such as nothing_owed."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Write-off refused: {reason}"
    example: ClassVar = _WRITE_OFF | {
        "code": "nothing_owed",
        "reason": "Nothing of it is owed any more; there is nothing to give up.",
    }
