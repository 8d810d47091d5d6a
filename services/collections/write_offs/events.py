"""What is announced of write-offs. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Schema


class WriteOffItem(Schema):
    """What is given up of one item."""

    item_id = Id("itm", required=True)
    amount = Minor(required=True, least=1)


class WriteOffApproved(AccountEvent):
    """What is owed is given up. Billing answers with `write_off_booked`, or with `write_off_refused`.
    Nothing announces it yet; billing listens already."""

    write_off_id = Id("wof", required=True)
    currency = Currency(required=True)
    items = fields.List(
        fields.Nested(WriteOffItem),
        required=True,
        metadata={"description": "Of which items how much; of each once, at most what is owed."},
    )
    approved_on = Day(required=True)
    approved_by = fields.String(
        required=True, metadata={"description": "Who approved it, or whose API key it was."}
    )
    reason = fields.String(required=True, metadata={"description": "Why, for the record."})

    says = "Write-off approved: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "write_off_id": "wof_01jd3v4q6ye8z9t5k2m7n0p1xv",
        "currency": "EUR",
        "items": [{"item_id": "itm_01jd3v4q6ye8z9t5k2m7n0p1xw", "amount": 11900}],
        "approved_on": "2026-07-01",
        "approved_by": "kim",
        "reason": "Insolvent; nothing is to be expected.",
    }
