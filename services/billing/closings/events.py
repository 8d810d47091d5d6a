"""What is announced of whether billing agrees to a closing."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Schema, Total, Whole
from services.billing.events import ACCOUNT, told


class AccountClosingAgreed(AccountEvent):
    """Billing has nothing against the closing of an account, and bills it no more meanwhile."""

    account_version = Whole(**told("The `version` of the account_closing answered."))
    answered_by = fields.String(required=True)
    reason = fields.String(**told("Why, in a sentence."))

    says = "Billing agrees to the closing: {reason}"
    example: ClassVar = ACCOUNT | {
        "account_version": 6,
        "answered_by": "billing",
        "reason": "Nothing is owed, unapplied, drafted, charged or to be billed.",
    }


class UnsettledBalance(Schema):
    """What is not settled of an account in one currency."""

    currency = Currency(required=True)
    open = Total(required=True)
    unapplied = Total(required=True)


class AccountClosingObjected(AccountClosingAgreed):
    """An account cannot be closed, as something is owed, unapplied, drafted, charged or to be billed."""

    code = fields.String(
        **told(
            "balance_open, money_unapplied, drafts_waiting, charges_running or not_billed; more may come."
        )
    )
    balances = fields.List(fields.Nested(UnsettledBalance), required=True)
    drafts = Whole(**told("Invoices not issued yet."))

    says = "Billing objects to the closing: {reason}"
    example: ClassVar = ACCOUNT | {
        "account_version": 6,
        "answered_by": "billing",
        "code": "balance_open",
        "reason": "50.00 EUR is still owed; it can be closed once that is paid, credited or written off.",
        "balances": [{"currency": "EUR", "open": 5000, "unapplied": 0}],
        "drafts": 0,
    }
