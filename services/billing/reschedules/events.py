"""What is announced of rescheduling."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Whole
from services.billing.events import ACCOUNT, ITEM, ItemSnapshot, told

_MOVED: dict[str, Any] = {
    **ITEM,
    "due_date": "2026-06-30",
    "version": 2,
    "position": 1,
    "old_due_date": "2026-04-02",
    "old_amount": 11900,
}


class RescheduledItem(ItemSnapshot):
    """An item as it is now, and what it was."""

    position = Whole(**told("Among its invoice's instalments."))
    old_due_date = Day(**told("When it was due; null: it is new.", allow_none=True))
    old_amount = Minor(**told("What was demanded with it before; 0: it is new."))


class ItemDueChanged(AccountEvent):
    """Open instalments of an invoice were replaced by others of the same total: items have other due days
    or amounts, some are new, and with those that are `replaced` nothing is demanded any more."""

    invoice_id = Id("inv", required=True)
    invoice_number = fields.String(required=True)
    currency = Currency(required=True)
    issued_on = Day(required=True)
    changed_on = Day(**told("From this day on; reports of days before it are as they were."))
    reason = fields.String(required=True)
    recorded_by = fields.String(**told("Who did it."))
    items = fields.List(fields.Nested(RescheduledItem), **told("Those that changed or are new."))

    says = "Instalments of invoice {invoice_number} are due on other days: {reason}"
    example: ClassVar = ACCOUNT | {
        "invoice_id": ITEM["invoice_id"],
        "invoice_number": "2026-000123",
        "currency": "EUR",
        "issued_on": "2026-03-03",
        "changed_on": "2026-03-20",
        "reason": "Agreed by phone: they are paid in June.",
        "recorded_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "items": [_MOVED],
    }
