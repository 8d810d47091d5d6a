"""What is announced of fees that collections assessed. Amounts are in minor units of the `currency`."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Whole
from services.billing.events import ACCOUNT, ITEM, BalanceSnapshot, ItemSnapshot, told
from services.billing.items.rules import COSTS

_FEE = {**ACCOUNT, "fee_id": "fee_01jd3v4q6ye8z9t5k2m7n0p1xf"}


class FeePosted(AccountEvent):
    """What collections assessed, or reinstated, is owed, or what the bank charged us for money that was
    not there: on a document of its own, due at once, neither sale nor tax. Later events of the document
    are those of an invoice; that the fee was waived says the credit note that names it."""

    fee_id = Id("fee", required=True)
    notice_id = Id(
        "dnt",
        **told("The notice it was assessed with; none where the bank charged it.", allow_none=True),
    )
    kind = fields.String(
        **told(
            "A fee, interest, or the charge for a letter.", validate=validate.OneOf(sorted(COSTS))
        )
    )
    invoice_id = Id("inv", **told("The document that demands it."))
    number = fields.String(**told("Its number, such as FEE-2026-000001."))
    version = Whole(required=True)
    currency = Currency(required=True)
    issued_on = Day(required=True)
    total = Minor(**told("What is demanded."))
    items = fields.List(fields.Nested(ItemSnapshot), required=True)
    account_balance = fields.Nested(
        BalanceSnapshot, **told("What the account owes in this currency, the fee included.")
    )

    says = "{number} issued, {total} ({kind})."
    example: ClassVar = _FEE | {
        "notice_id": "dnt_01jd3v4q6ye8z9t5k2m7n0p1xn",
        "kind": "fee",
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xf",
        "number": "FEE-2026-000001",
        "version": 1,
        "currency": "EUR",
        "issued_on": "2026-04-16",
        "total": 1040,
        "items": [
            {
                **ITEM,
                "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xf",
                "kind": "fee",
                "invoice_number": "FEE-2026-000001",
                "due_date": "2026-04-16",
                "amount": 1040,
                "balance": 1040,
            }
        ],
        "account_balance": {"version": 13, "open": 12940, "unapplied": 0, "balance": 12940},
    }


class FeeRefused(AccountEvent):
    """What collections assessed, or reinstated, cannot be demanded: nothing is owed of it. Each such
    version is answered once, with this or with `fee_posted`."""

    fee_id = Id("fee", required=True)
    code = fields.String(**told("The refusal, for programs, such as account_closed."))
    reason = fields.String(**told("Why, in a sentence that says what is possible."))

    says = "Fee refused: {reason}"
    example: ClassVar = _FEE | {
        "code": "account_closed",
        "reason": "Account A-1001 is closed; it gets no new invoices or credit. Reopen it first.",
    }
