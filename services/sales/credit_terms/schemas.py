"""Credit terms, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Currency, Flag, Id, Instant, Minor, PageQuery, Schema, Text, Whole
from services.sales.credit_terms.rules import DAYS_MAX

LIMIT = {
    "description": "What may be owed that was due more than `overdue_days` days ago, in minor units of "
    "the account's currency; null: it is not looked at."
}
DAYS = {"description": "So many days past due count nothing."}
DRAFTS = {"description": "Whether the account's other drafts count as ordered."}
REASON = {"description": "Why, for the record."}


class AccountPath(Schema):
    account_id = Id("acc", required=True, metadata={"description": "The account."})


class CurrencyPath(Schema):
    currency = Currency(
        required=True, metadata={"description": "Of the accounts for which it counts."}
    )


class _NewTerms(Schema):
    overdue_limit = Minor(least=0, required=True, allow_none=True, metadata=LIMIT)
    overdue_days = Whole(most=DAYS_MAX, load_default=0, metadata=DAYS)
    counts_drafts = Flag(load_default=False, metadata=DRAFTS)
    reason = Text(required=True, longest=500, metadata=REASON)


class SetCreditTerms(_NewTerms, AccountPath):
    """What the credit check looks at of an account besides the total; the whole of it."""

    example: ClassVar = {"overdue_limit": 50000, "overdue_days": 5, "reason": "Pays late often."}


class SetDefaultCreditTerms(_NewTerms, CurrencyPath):
    """What the credit check looks at of accounts that have no terms of their own; the whole of it."""

    example: ClassVar = SetCreditTerms.example


class FollowDefault(AccountPath):
    """Why an account has no terms of its own any more."""

    reason = Text(required=True, longest=500, metadata=REASON)


class HistoryQuery(PageQuery, AccountPath):
    """Whose credit terms to list."""


class DefaultHistoryQuery(PageQuery, CurrencyPath):
    """In which currency to list what the firm had."""


class _Terms(Schema):
    overdue_limit = Minor(required=True, allow_none=True, metadata=LIMIT)
    overdue_days = Whole(required=True, metadata=DAYS)
    counts_drafts = Flag(required=True, metadata=DRAFTS)
    version = Whole(
        required=True, metadata={"description": "Grows by one each time it is set anew; 0: never."}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why."})
    set_at = Instant(required=True, allow_none=True, metadata={"description": "When."})
    set_by = fields.String(required=True, allow_none=True, metadata={"description": "By whom."})


class PastCreditTerms(_Terms, AccountPath):
    """What was said of an account until the next version."""

    is_default = Flag(
        required=True,
        metadata={"description": "Whether what the firm has counts, and the terms here nothing."},
    )


class CreditTerms(PastCreditTerms):
    """What the credit check looks at of an account besides the total: its own terms or the firm's."""

    currency = Currency(required=True, metadata={"description": "The account's."})


class DefaultCreditTerms(_Terms, CurrencyPath):
    """What the credit check looks at of accounts that have no terms of their own."""
