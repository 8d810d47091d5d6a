"""Routines, coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import Currency, Id, Instant, ListOf, Minor, PageQuery, Schema, Text, Whole
from services.billing.policies.rules import AllocationPolicy
from services.billing.routines.rules import Bills, RoutineKind, Statements
from services.billing.terms.rules import Weekday

WEEKS_MAX = 13


def _day(description: str) -> Whole:
    return Whole(
        load_default=None,
        allow_none=True,
        least=1,
        most=31,
        metadata={"description": f"{description} The month's last where it has no such day."},
    )


def _one_of(kinds: Any, description: str) -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(kinds)),
        metadata={"description": description},
    )


class AccountPath(Schema):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})


class _Agreed(Schema):
    payment_terms_id = Id(
        "ptm",
        load_default=None,
        allow_none=True,
        metadata={
            "description": "When invoices are due that do not say so; null, or where they do not fit an "
            "invoice: after the account's net days."
        },
    )
    kind = _one_of(
        RoutineKind,
        "pay_day: pays on `pay_day` of each month. weekly_share: pays what is due in equal parts over "
        "`weeks` weeks, on a `weekday`. standing_order: `amount` in `currency` comes on `pay_day` of "
        "each month, or on `weekday` of each week. Null: pays when it is due.",
    )
    pay_day = _day("The day of the month on which they pay.")
    weekday = _one_of(Weekday, "The day of the week on which they pay.")
    weeks = Whole(
        load_default=None,
        allow_none=True,
        least=2,
        most=WEEKS_MAX,
        metadata={"description": "Over how many weeks they spread what is due."},
    )
    amount = Minor(
        load_default=None,
        allow_none=True,
        least=1,
        metadata={"description": "Of the standing order, in minor units of `currency`."},
    )
    currency = Currency(
        load_default=None, allow_none=True, metadata={"description": "Of the standing order."}
    )
    months_off = ListOf(
        Whole(least=1, most=12),
        most=11,
        load_default=(),
        metadata={"description": "Months in which they do not pay: 8 is August."},
    )
    bill_day = _day("The day of the month on which they want their bill.")
    allocation_policy = fields.String(
        load_default=AllocationPolicy.OLDEST_DUE,
        validate=validate.OneOf(list(AllocationPolicy)),
        metadata={
            "description": "What money pays where nobody says what it is for. oldest_due: what is due "
            "first. by_type: fees, then letters, interest, and the rest. costs_interest_principal: as "
            "section 367 BGB has it. pro_rata: of each item its part. Of equal ones what is due first; "
            "never what is disputed or on its way."
        },
    )
    bills = fields.String(
        load_default=Bills.PER_SHIPMENT,
        validate=validate.OneOf(list(Bills)),
        metadata={
            "description": "per_shipment: each shipment is invoiced as it is sent. monthly: what is sent "
            "is billed in one invoice by billing runs, but for orders that are billed apart, or ahead."
        },
    )
    statement_day = _day("The day of the month on which they want a statement of the month before.")
    statements = fields.String(
        load_default=Statements.BY_ACCOUNT,
        validate=validate.OneOf(list(Statements)),
        metadata={
            "description": "by_account: each account gets its own. in_one: this one's tells of all "
            "accounts below it, too, which get none."
        },
    )


class SetBillingRoutine(_Agreed, AccountPath):
    """How an account pays from now on, the whole of it."""

    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})

    example: ClassVar = {"kind": "pay_day", "pay_day": 15, "months_off": [8], "reason": "Asked."}


class BillingRoutine(_Agreed):
    """How an account pays: due days that follow from terms move to the next day on which it does."""

    account_id = Id("acc", metadata={"description": "The client's account."})
    version = Whole(metadata={"description": "Grows by one each time it is agreed anew; 0: never."})
    reason = fields.String(allow_none=True, metadata={"description": "Why it was agreed."})
    set_at = Instant(allow_none=True, metadata={"description": "When it was agreed."})
    set_by = fields.String(allow_none=True, metadata={"description": "By whom for us."})


class HistoryQuery(AccountPath, PageQuery):
    """A page of what was agreed."""
