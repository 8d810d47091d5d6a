"""What is announced of returns. Billing answers each part of one once, with one of these."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id, Quantity, Schema, Whole
from services.billing.events import ACCOUNT, told

_RETURN: dict[str, Any] = ACCOUNT | {"return_id": "ret_01jd3v4q6ye8z9t5k2m7n0p1xt", "part": 1}


class SettledLine(Schema):
    """How much of an order line."""

    order_line_id = Id("orl", required=True)
    quantity = Quantity(required=True)


class ReturnSettled(AccountEvent):
    """Goods that came back are credited, by one credit note for each invoice that had billed them; or
    not billed any more."""

    return_id = Id("ret", required=True)
    part = Whole(**told("The part of the return, as `return_accepted` has it."))
    credit_note_ids = fields.List(Id("crn"), **told("None, where nothing was billed yet."))
    credited = fields.List(fields.Nested(SettledLine), **told("What was billed and is credited."))
    not_billed = fields.List(
        fields.Nested(SettledLine), **told("What was not billed yet, and is not any more.")
    )

    says = "What came back is settled."
    example: ClassVar = _RETURN | {
        "credit_note_ids": ["crn_01jd3v4q6ye8z9t5k2m7n0p1xg"],
        "credited": [{"order_line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xr", "quantity": "2"}],
        "not_billed": [],
    }


class ReturnRefused(AccountEvent):
    """Goods that came back (`return_accepted`) cannot be credited; a person settles it, by credit notes
    that name the return."""

    return_id = Id("ret", required=True)
    part = Whole(**told("The part of the return, as `return_accepted` has it."))
    code = fields.String(**told("The refusal, for programs, such as return_exceeds_billed."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Return refused: {reason}"
    example: ClassVar = _RETURN | {
        "code": "return_exceeds_billed",
        "reason": "Of the line Office chair, 1 is billed and not credited; credit no more than that.",
    }
