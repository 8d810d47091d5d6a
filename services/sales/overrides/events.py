"""What is announced of overrides. Amounts are in minor units of the order's currency."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor
from services.sales.events import ACCOUNT, ORDER


class CreditOverrideGranted(AccountEvent):
    """An order may be confirmed although a limit of the credit check speaks against it, once, as long as
    it comes to no more. A credit hold stays."""

    override_id = Id("ovr", required=True)
    order_id = Id("ord", required=True)
    number = fields.String(required=True, metadata={"description": "The order's."})
    currency = Currency(required=True)
    gross = Minor(required=True, metadata={"description": "What the order may come to."})
    until = Day(required=True, metadata={"description": "The last day on which it holds."})
    reason = fields.String(required=True, metadata={"description": "Why, as somebody wrote it."})
    granted_by = fields.String(required=True)

    says = "Order {number} may be confirmed until {until} whatever the credit check says: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "override_id": "ovr_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "order_id": ORDER,
        "number": "SO-100001",
        "currency": "EUR",
        "gross": 59500,
        "until": "2026-02-13",
        "reason": "Paid by card on the phone; the money is on its way.",
        "granted_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xw",
    }
