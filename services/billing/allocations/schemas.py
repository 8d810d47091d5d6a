"""Allocations, coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, ListOf, Minor, PageQuery, Schema
from services.billing.allocations.rules import AllocationSource

INSTRUCTION_MAX = 500


class InstructionLine(Schema):
    """What an amount is for: an item, or an invoice, whose items are then paid oldest due first."""

    item_id = Id("itm", load_default=None, metadata={"description": "The item it is set against."})
    invoice_id = Id("inv", load_default=None, metadata={"description": "The item's invoice."})
    amount = Minor(required=True, least=1, metadata={"description": "In minor units."})

    example: ClassVar = {"item_id": "itm_01jd3v4q6ye8z9t5k2m7n0p1xw", "amount": 100}


def instruction(**options: Any) -> ListOf:
    """The field for what money or credit is to be set against."""
    return ListOf(fields.Nested(InstructionLine), least=1, most=INSTRUCTION_MAX, **options)


class Allocation(Schema):
    """A part of a payment or credit note set against one item, in minor units of `currency`."""

    allocation_id = Id("alc", metadata={"description": "The allocation."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    item_id = Id("itm", metadata={"description": "The item it is set against."})
    invoice_id = Id("inv", metadata={"description": "The item's invoice."})
    invoice_number = fields.String(metadata={"description": "Its number, as people read it."})
    payment_id = Id(
        "pay",
        allow_none=True,
        metadata={"description": "The payment; null where something else is meant."},
    )
    credit_note_id = Id(
        "crn",
        allow_none=True,
        metadata={"description": "The credit note; null where something else is meant."},
    )
    adjustment_id = Id(
        "adj",
        allow_none=True,
        metadata={"description": "What gave it up, or settled it in full; else null."},
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "In minor units."})
    source = fields.String(
        validate=validate.OneOf(list(AllocationSource)),
        metadata={
            "description": "Who decided: an instruction, the law, the account's policy, ours (oldest due "
            "first; before there were others, policy says so), the credit note by naming its invoice, or "
            "whoever gave it up or settled it in full."
        },
    )
    effective_on = Day(metadata={"description": "From which day on it counts as paid by it."})
    recorded_at = Instant(metadata={"description": "When we learned it."})
    recorded_by = fields.String(metadata={"description": "Who entered it."})
    reversed_on = Day(
        allow_none=True, metadata={"description": "From which day on it counts no more."}
    )


class ItemAllocationQuery(PageQuery):
    item_id = Id("itm", required=True, metadata={"description": "The item it is set against."})
