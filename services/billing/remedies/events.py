"""What is announced of remedies that cannot be credited."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id
from services.billing.events import ACCOUNT, told


class RemedyRefused(AccountEvent):
    """A remedy that accounts granted (`remedy_granted`, kind credit or goodwill) cannot be credited; the
    case is proposed again. Billing answers each such remedy once, with this or with a credit note that
    names it."""

    remedy_id = Id("rem", required=True)
    code = fields.String(**told("The refusal, for programs, such as credit_exceeds_invoice."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Remedy refused: {reason}"
    example: ClassVar = ACCOUNT | {
        "remedy_id": "rem_01jd3v4q6ye8z9t5k2m7n0p1xm",
        "code": "credit_exceeds_invoice",
        "reason": "Of invoice 2026-000123, 20.00 EUR is left to credit; ask for no more than that.",
    }
