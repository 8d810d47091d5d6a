"""What goes into amendments of orders."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import (
    Day,
    Flag,
    Id,
    ListOf,
    Minor,
    OneLine,
    Percent,
    Schema,
    SignedQuantity,
    Text,
)
from services.sales.order_lines.schemas import NOTE, PROMISED_ON, NewLine
from services.sales.order_versions.schemas import Acceptance
from services.sales.orders.rules import LINES_MAX


class AmendedLine(Schema):
    """What is to be changed of an agreed line; all else stays."""

    line_id = Id("orl", required=True, metadata={"description": "The line."})
    quantity = SignedQuantity(
        metadata={
            "description": "How many in all; not less than left the house already and was cancelled, "
            "and of goods that come back as long as no return is opened for them."
        }
    )
    unit_price = Minor(
        least=0,
        metadata={
            "description": "Net price of one before discount, in minor units, as long as nothing of it "
            "was shipped."
        },
    )
    discount_percent = Percent(
        metadata={"description": "Taken off, as long as nothing was shipped."}
    )
    promised_on = Day(metadata=PROMISED_ON)
    note = Text(longest=500, allow_none=True, metadata=NOTE)
    is_cancelled = Flag(
        load_default=False,
        metadata={"description": "Whether the line is taken off, as far as nothing of it went."},
    )

    example: ClassVar = {"line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw", "quantity": "6"}


class AmendOrder(Schema):
    """What is to be changed of an order that was agreed, and why."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    reason = Text(
        longest=500, required=True, metadata={"description": "Why, as it is to be remembered."}
    )
    reference = OneLine(
        longest=100,
        load_default=None,
        metadata={"description": "What the client calls the order; left out, as it is."},
    )
    add_lines = ListOf(
        fields.Nested(NewLine),
        most=LINES_MAX,
        load_default=[],
        metadata={"description": "What is ordered in addition, at the products' prices of today."},
    )
    change_lines = ListOf(
        fields.Nested(AmendedLine),
        most=LINES_MAX,
        load_default=[],
        metadata={"description": "Lines that change, each once."},
    )
    acceptance = fields.Nested(
        Acceptance,
        load_default=None,
        allow_none=True,
        metadata={"description": "That the client accepted it; can be recorded later, too."},
    )

    example: ClassVar = {
        "reason": "The client needs two more.",
        "add_lines": [{"sku": "CHAIR-01", "quantity": "2"}],
    }
