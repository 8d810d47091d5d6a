"""Standings, going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Flag, Id, Minor, Schema, Total, Whole


class StandingQuery(Schema):
    """Whose standing, and in which currency."""

    account_id = Id("acc", required=True, metadata={"description": "The account."})
    currency = Currency(
        load_default=None, metadata={"description": "Left out, the account's currency."}
    )


class Group(Schema):
    """A credit limit that several accounts share, and what they come to together."""

    account_id = Id("acc", required=True, metadata={"description": "Whose limit it is."})
    number = fields.String(required=True, metadata={"description": "That account's number."})
    limit = Minor(required=True, metadata={"description": "In this currency."})
    exposure = Total(required=True, metadata={"description": "Balances and open orders of all."})
    available = Total(
        required=True, metadata={"description": "Limit less exposure, below 0 when overdrawn."}
    )


class Standing(Schema):
    """What the credit check sees of an account in one currency; amounts in minor units."""

    account_id = Id("acc", required=True, metadata={"description": "The account."})
    number = fields.String(required=True, metadata={"description": "The account's number."})
    status = fields.String(
        required=True, metadata={"description": "Only active accounts are supplied."}
    )
    has_credit_hold = Flag(
        required=True, metadata={"description": "Whether collections has stopped the orders."}
    )
    hold_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why; null without a hold."}
    )
    currency = Currency(required=True, metadata={"description": "Of all these amounts."})
    credit_limit = Minor(
        required=True,
        allow_none=True,
        metadata={
            "description": "The limit in this currency; null for none. An account with a limit has "
            "a limit of 0 in every currency but its own."
        },
    )
    open = Total(required=True, metadata={"description": "Items not paid."})
    unapplied = Total(
        required=True, metadata={"description": "Payments and credit notes not allocated."}
    )
    balance = Total(required=True, metadata={"description": "Open less unapplied."})
    open_orders = Total(
        required=True, metadata={"description": "Gross value confirmed and not invoiced yet."}
    )
    exposure = Total(required=True, metadata={"description": "Balance, open orders and drafts."})
    available = Total(
        required=True,
        allow_none=True,
        metadata={
            "description": "Limit less exposure, below 0 when overdrawn; null without limit."
        },
    )
    counts_drafts = Flag(
        required=True, metadata={"description": "Whether drafts count as ordered (credit terms)."}
    )
    drafts = Total(
        required=True,
        metadata={"description": "Gross value of its drafts; 0 where they do not count."},
    )
    overdue = Total(
        required=True,
        metadata={
            "description": "Owed and due more than `overdue_days` days ago; not what is contested, nor "
            "what is on its way."
        },
    )
    overdue_limit = Minor(
        required=True,
        allow_none=True,
        metadata={"description": "What of that there may be; null: it is not looked at."},
    )
    overdue_days = Whole(
        required=True, metadata={"description": "So many days past due count nothing."}
    )
    group = fields.Nested(
        Group,
        required=True,
        allow_none=True,
        metadata={
            "description": "The credit limit that it shares with others; null where there is none."
        },
    )
