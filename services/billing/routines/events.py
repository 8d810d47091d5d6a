"""What is announced of routines."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Whole
from services.billing.events import ACCOUNT, told
from services.billing.policies.rules import AllocationPolicy
from services.billing.routines.rules import Bills, RoutineKind, Statements
from services.billing.terms.rules import Weekday


class BillingRoutineChanged(AccountEvent):
    """It was agreed anew how an account pays and when it is billed; the whole of it, for what is issued
    from now on. What was issued before stays due as it was."""

    version = Whole(**told("Grows by one each time it is agreed anew."))
    payment_terms_id = Id(
        "ptm", **told("The terms it has; null: its net days as accounts tells.", allow_none=True)
    )
    kind = fields.String(
        **told(
            "How it pays; null: when it is due.",
            allow_none=True,
            validate=validate.OneOf(list(RoutineKind)),
        )
    )
    pay_day = Whole(**told("The day of the month on which it pays.", allow_none=True))
    weekday = fields.String(
        **told(
            "The day of the week on which it pays.",
            allow_none=True,
            validate=validate.OneOf(list(Weekday)),
        )
    )
    weeks = Whole(**told("Over how many weeks it spreads what is due.", allow_none=True))
    amount = Minor(**told("Of its standing order.", allow_none=True))
    currency = Currency(**told("Of its standing order.", allow_none=True))
    months_off = fields.List(Whole(), **told("The months in which it does not pay, 1 to 12."))
    bill_day = Whole(**told("The day of the month on which it wants its bill.", allow_none=True))
    allocation_policy = fields.String(
        validate=validate.OneOf(list(AllocationPolicy)),
        metadata={"description": "What money pays first where nobody says what it is for."},
    )
    bills = fields.String(
        **told(
            "How it is billed for what it is sent.",
            validate=validate.OneOf(list(Bills)),
            dump_default=Bills.PER_SHIPMENT,
        )
    )
    statement_day = Whole(
        **told("The day of the month on which it wants its statement.", allow_none=True),
        dump_default=None,
    )
    statements = fields.String(
        **told(
            "Whether its statement tells of the accounts below it, too.",
            validate=validate.OneOf(list(Statements)),
            dump_default=Statements.BY_ACCOUNT,
        )
    )
    reason = fields.String(**told("Why it was agreed."))
    set_by = fields.String(**told("Who agreed on it for us."))

    says = "It was agreed anew how the account pays: {reason}"
    example: ClassVar = ACCOUNT | {
        "version": 2,
        "payment_terms_id": None,
        "kind": "pay_day",
        "pay_day": 15,
        "weekday": None,
        "weeks": None,
        "amount": None,
        "currency": None,
        "months_off": [8],
        "bill_day": 1,
        "allocation_policy": "oldest_due",
        "bills": "per_shipment",
        "statement_day": 1,
        "statements": "by_account",
        "reason": "Pays when the salaries have come; closed in August.",
        "set_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    }
