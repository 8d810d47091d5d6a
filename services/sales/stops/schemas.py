"""What goes into and comes out of stops."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Flag, Id, Instant, Minor, PageQuery, Text
from services.sales.orders.schemas import OrderPath


class ReleaseOrder(OrderPath):
    """Why an order may go on although it does not fit the credit limit."""

    reason = Text(
        longest=500, required=True, metadata={"description": "Why, as it is to be remembered."}
    )


class StopQuery(PageQuery):
    """Which stops to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    is_standing = Flag(
        load_default=None, metadata={"description": "Only those in force, or only those over."}
    )


class OrderStop(OrderPath):
    """An order of which nothing more is shipped, since when and why."""

    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    number = fields.String(required=True, metadata={"description": "The order's number."})
    currency = Currency(required=True, metadata={"description": "Of the amount."})
    gross = Minor(
        required=True, metadata={"description": "What was open of it when it was stopped."}
    )
    reason = fields.String(required=True, metadata={"description": "Why it was stopped."})
    stopped_at = Instant(required=True, metadata={"description": "Since when."})
    released_at = Instant(
        required=True, allow_none=True, metadata={"description": "Until when; null: in force."}
    )
    released_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; null: by itself."}
    )
    release_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it goes on."}
    )
