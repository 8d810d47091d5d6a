"""What is announced of disputes that cannot be kept or credited."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id
from services.billing.events import ACCOUNT, told


class DisputeCreditRefused(AccountEvent):
    """What was upheld of a dispute cannot be credited, or its account has no such item in that currency.
    Each decision is answered once, with this or with a credit note that names the dispute."""

    dispute_id = Id("dsp", required=True)
    code = fields.String(**told("The refusal, for programs, such as credit_exceeds_invoice."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Upheld dispute not credited: {reason}"
    example: ClassVar = ACCOUNT | {
        "dispute_id": "dsp_01jd3v4q6ye8z9t5k2m7n0p1xd",
        "code": "credit_exceeds_invoice",
        "reason": "Of invoice 2026-000123, 2000 minor units are left to credit; ask for no more.",
    }
