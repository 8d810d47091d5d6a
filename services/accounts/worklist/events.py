"""What is announced of worklists."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Flag, Id, Schema
from services.accounts.worklist.rules import Outcome


class DoneReason(Schema):
    """What came of a reason to contact the account."""

    kind = fields.String(required=True)
    about = fields.String(required=True)
    sentence = fields.String(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    note = fields.String(required=True, allow_none=True)


class WorklistItemDone(AccountEvent):
    """An account was contacted from the worklist, with this outcome, about all of its reasons or some."""

    says = "Contacted by {done_by}: {outcome}."
    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "worklist_item_id": "wli_01jd3v4q6ye8z9t5k2m7n0p1xe",
        "outcome": "will_pay",
        "note": "Transfers on Friday.",
        "done_by": "key_office",
        "done_on": "2026-01-31",
        "is_closed": True,
        "reasons": [
            {
                "kind": "overdue",
                "about": "EUR",
                "sentence": "119.00 EUR is overdue; the oldest of it was due on 2025-12-31.",
                "outcome": "will_pay",
                "note": "Transfers on Friday.",
            }
        ],
    }

    worklist_item_id = Id("wli", required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    note = fields.String(required=True, allow_none=True)
    done_by = fields.String(required=True)
    done_on = Day(required=True)
    is_closed = Flag(
        required=True, metadata={"description": "Whether nothing is left of the item."}
    )
    reasons = fields.List(fields.Nested(DoneReason), required=True)
