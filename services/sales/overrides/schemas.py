"""Overrides, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Currency, Day, Flag, Id, Instant, Minor, PageQuery, Schema, Text


class GrantOverride(Schema):
    """Why and until when an order may pass the credit check."""

    order_id = Id("ord", required=True, metadata={"description": "The draft."})
    reason = Text(
        required=True, longest=500, metadata={"description": "Why, as it is to be remembered."}
    )
    until = Day(required=True, metadata={"description": "The last day on which it holds."})

    example: ClassVar = {"reason": "The money is on its way.", "until": "2026-02-13"}


class OverrideQuery(PageQuery):
    """Which overrides to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    order_id = Id("ord", load_default=None, metadata={"description": "Only this order's."})
    is_used = Flag(
        load_default=None, metadata={"description": "Only those used, or only those not."}
    )


class CreditOverride(Schema):
    """An order may be confirmed whatever the limits of the credit check say, once."""

    override_id = Id("ovr", required=True, metadata={"description": "The override."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    number = fields.String(required=True, metadata={"description": "The order's number."})
    currency = Currency(required=True, metadata={"description": "Of the amount."})
    gross = Minor(
        required=True,
        metadata={
            "description": "What goes out of the order, as it came to when it was granted: it may come "
            "to no more."
        },
    )
    reason = fields.String(required=True, metadata={"description": "Why."})
    until = Day(required=True, metadata={"description": "The last day on which it holds."})
    granted_at = Instant(required=True, metadata={"description": "When it was granted."})
    granted_by = fields.String(required=True, metadata={"description": "By whom."})
    used_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When the order was confirmed by it; null: not used."},
    )
