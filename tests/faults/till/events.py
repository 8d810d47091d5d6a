"""What the till announces."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id, Whole


class MoneyTaken(AccountEvent):
    """Money was put into an account's purse; `version` and `balance` are the purse's."""

    taking_id = Id("tak", required=True)
    amount = Whole(required=True)
    version = Whole(required=True)
    balance = Whole(required=True)
    plan = fields.String(required=True)

    says = "{amount} put into the purse."
    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "taking_id": "tak_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "amount": 5,
        "version": 2,
        "balance": 8,
        "plan": "",
    }
