"""What goes into and comes out of versions of orders."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Currency, Day, Id, Instant, Minor, OneLine, PageQuery, Schema, Whole
from services.sales.order_versions.rules import AcceptedHow

HOW = {"description": "By what they said so: email, phone, letter, in_person or portal."}


class Acceptance(Schema):
    """That the client accepted, who of them, when and how."""

    accepted_by = OneLine(
        longest=100, required=True, metadata={"description": "Who of the client, by name."}
    )
    accepted_on = Day(
        load_default=None,
        metadata={"description": "The day; left out, today."},
    )
    accepted_how = fields.Enum(AcceptedHow, by_value=True, required=True, metadata=HOW)

    example: ClassVar = {"accepted_by": "Jutta Müller", "accepted_how": "email"}


class AcceptVersion(Acceptance):
    """Which version of an order the client accepted."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    revision = Whole(
        least=1,
        most=10**6,
        required=True,
        metadata={"description": "Which version: 1 is the first."},
    )


class VersionQuery(PageQuery):
    """Which order's versions to list."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class Change(Schema):
    """What an amendment changed. Values are texts, as they are written elsewhere."""

    line_id = Id(
        "orl",
        required=True,
        allow_none=True,
        metadata={"description": "The line; null: the order."},
    )
    sku = fields.String(
        required=True, allow_none=True, metadata={"description": "The line's product; or null."}
    )
    field = fields.String(
        required=True,
        metadata={
            "description": "quantity, cancelled, unit_price, discount_percent, promised_on, note or "
            "reference; more may come."
        },
    )
    before = fields.String(
        required=True, allow_none=True, metadata={"description": "Null: there was no such line."}
    )
    after = fields.String(required=True, allow_none=True, metadata={"description": "From then on."})


class OrderVersion(Schema):
    """What an order was from then on. Amounts are in minor units of its currency."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    account_id = Id("acc", required=True, metadata={"description": "Whose it is."})
    revision = Whole(
        required=True, metadata={"description": "1 as it was confirmed, then one per amendment."}
    )
    currency = Currency(required=True, metadata={"description": "Of its amounts."})
    total_net = Minor(required=True, metadata={"description": "What it came to, net."})
    total_gross = Minor(required=True, metadata={"description": "With tax."})
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why; null of the first."}
    )
    changes = fields.List(
        fields.Nested(Change),
        required=True,
        metadata={"description": "What differs from the one before; nothing of the first."},
    )
    made_at = Instant(required=True, metadata={"description": "When it was agreed."})
    made_by = fields.String(required=True, metadata={"description": "By whom."})
    accepted_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who of the client accepted it; null: nobody yet."},
    )
    accepted_on = Day(required=True, allow_none=True, metadata={"description": "On which day."})
    accepted_how = fields.String(required=True, allow_none=True, metadata=HOW)
    acceptance_at = Instant(
        required=True, allow_none=True, metadata={"description": "When that was entered."}
    )
    acceptance_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom of ours."}
    )
