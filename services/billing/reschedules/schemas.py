"""Rescheduling, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Instant, ListOf, Minor, PageQuery, Schema, Text, Whole
from services.billing.terms.schemas import INSTALMENTS_MAX


class NewDue(Schema):
    """What is owed on which day."""

    amount = Minor(required=True, least=1, metadata={"description": "In minor units."})
    due_date = Day(
        required=True, metadata={"description": "Due on this day, none before the invoice's."}
    )


class _Reschedule(Schema):
    instalments = ListOf(
        fields.Nested(NewDue),
        least=1,
        most=INSTALMENTS_MAX,
        required=True,
        metadata={"description": "What is owed when from now on: together what is open."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})

    example: ClassVar = {
        "instalments": [{"amount": 11900, "due_date": "2026-06-30"}],
        "reason": "Agreed by phone: they are paid in June.",
    }


class RescheduleInvoice(_Reschedule):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})


class RescheduleItem(_Reschedule):
    item_id = Id("itm", required=True, metadata={"description": "The item."})


class DueChangeQuery(PageQuery):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})


class DueChange(Schema):
    """What became of one instalment when it was rescheduled."""

    account_id = Id("acc", metadata={"description": "The client's account."})
    invoice_id = Id("inv", metadata={"description": "The invoice."})
    item_id = Id("itm", metadata={"description": "The item."})
    version = Whole(metadata={"description": "The item's version after it."})
    old_due_date = Day(
        allow_none=True, metadata={"description": "When it was due; null: it is new."}
    )
    old_amount = Minor(metadata={"description": "What was demanded with it."})
    new_due_date = Day(metadata={"description": "When it is due."})
    new_amount = Minor(
        metadata={"description": "What is demanded with it; 0: others replace it wholly."}
    )
    reason = fields.String(metadata={"description": "Why."})
    changed_on = Day(metadata={"description": "From this day on."})
    recorded_at = Instant(metadata={"description": "When it was recorded."})
    recorded_by = fields.String(metadata={"description": "By whom."})
