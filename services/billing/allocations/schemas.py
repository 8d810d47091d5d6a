"""Allocations, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema
from services.billing.allocations.rules import AllocationSource

INSTRUCTION_MAX = 500


class InstructionLine(Schema):
    """What an amount is for: an item, or an invoice, whose items are then paid oldest due first."""

    item_id = Id("itm", load_default=None)
    invoice_id = Id("inv", load_default=None)
    amount = Minor(required=True, least=1)


def instruction(**options: object) -> fields.List:
    """The field for what money or credit is to be set against."""
    return fields.List(
        fields.Nested(InstructionLine),
        validate=validate.Length(min=1, max=INSTRUCTION_MAX),
        **options,  # type: ignore[arg-type]
    )


class Allocation(Schema):
    """A part of a payment or credit note set against one item, in minor units of `currency`."""

    allocation_id = Id("alc")
    account_id = Id("acc")
    item_id = Id("itm")
    invoice_id = Id("inv")
    invoice_number = fields.String()
    payment_id = Id("pay", allow_none=True)
    credit_note_id = Id("crn", allow_none=True)
    currency = Currency()
    amount = Minor()
    source = fields.String(
        validate=validate.OneOf(list(AllocationSource)),
        metadata={
            "description": "Who decided: an instruction, our policy (oldest due first), or the "
            "credit note by naming its invoice."
        },
    )
    effective_on = Day(metadata={"description": "From which day on it counts as paid by it."})
    recorded_at = Instant(metadata={"description": "When we learned it."})
    recorded_by = fields.String()
    reversed_on = Day(
        allow_none=True, metadata={"description": "From which day on it counts no more."}
    )


class ItemAllocationQuery(PageQuery):
    item_id = Id("itm", required=True)
