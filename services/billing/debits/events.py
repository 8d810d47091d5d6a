"""What is announced of debits."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Whole
from services.billing.debits.rules import DebitStatus
from services.billing.events import ACCOUNT, told


class DebitChanged(AccountEvent):
    """A debit was submitted, or is somewhere else on its way. While it is in flight (submitted, approved,
    in_process) its items are not to be asked for by as much, which `item_changed` says of each."""

    debit_id = Id("deb", required=True)
    version = Whole(required=True)
    status = fields.String(**told("Where it is now.", validate=validate.OneOf(list(DebitStatus))))
    currency = Currency(required=True)
    amount = Minor(**told("What it fetches in all."))
    item_ids = fields.List(Id("itm"), **told("What it fetches is of these items."))
    payment_id = Id("pay", **told("The money, where it came.", allow_none=True))
    reason = fields.String(**told("Why it failed or was cancelled.", allow_none=True))

    says = "Debit of {amount}: {status}."
    example: ClassVar = ACCOUNT | {
        "debit_id": "deb_01jd3v4q6ye8z9t5k2m7n0p1xs",
        "version": 4,
        "status": "failed",
        "currency": "EUR",
        "amount": 3500,
        "item_ids": ["itm_01jd3v4q6ye8z9t5k2m7n0p1xw"],
        "payment_id": None,
        "reason": "Insufficient funds.",
    }
