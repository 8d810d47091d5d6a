"""What is announced of inventory reports."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Currency, Day, Flag, Id, Schema, Total, Whole


def _says(description: str) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}}


class InventoryValue(Schema):
    """What is in stock in one currency."""

    currency = Currency(required=True)
    value = Total(**_says("What is on hand, at cost."))
    variance_value = Total(**_says("What counts put right in the month, at cost."))


class InventoryReported(Event):
    """What there was at the end of a month is frozen: it never changes again."""

    about = "inventory_report_id"

    inventory_report_id = Id("ivr", required=True)
    month = fields.String(required=True)
    from_on = Day(required=True)
    until_on = Day(required=True)
    lines = Whole(**_says("How many products at how many places, taken together."))
    values = fields.List(fields.Nested(InventoryValue), required=True)
    sha256 = fields.String(**_says("Of its lines as CSV, in hex."))
    is_by_hand = Flag(**_says("Whether somebody asked for it; else it was made by the day."))

    says = "Inventory report of {month}. Lines: {lines}."
    example: ClassVar[dict[str, Any]] = {
        "inventory_report_id": "ivr_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "month": "2026-03",
        "from_on": "2026-03-01",
        "until_on": "2026-03-31",
        "lines": 1,
        "values": [{"currency": "EUR", "value": 34200, "variance_value": -1800}],
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "is_by_hand": False,
    }
