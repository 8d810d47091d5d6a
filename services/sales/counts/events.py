"""What is announced of counts."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Currency, Day, Flag, Id, Schema, Total, Whole
from services.sales.shapes import Change, Level


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class CountedLine(Schema):
    """A product that was counted."""

    product_id = Id("prd", required=True)
    sku = fields.String(required=True)
    counted = Level(**_says("What was on the shelf."))
    counted_by = fields.String(**_says("Who has counted it."))
    expected = Change(**_says("On hand when the count was posted."))
    moved_since = Change(**_says("What of that moved after the product was counted."))
    variance = Change(
        **_says("counted + moved_since - expected: what was moved to put the books right.")
    )
    variance_cost = Total(**_says("That at cost, in minor units of the currency."))
    currency = Currency(**_says("Of the cost; null without one.", allow_none=True))
    needed_approval = Flag(**_says("Whether it was beyond the tolerances, and so was approved."))


class StockCounted(Event):
    """A count was posted: the books say what was on the shelf."""

    about = "count_id"

    count_id = Id("cnt", required=True)
    number = fields.String(required=True)
    version = Whole(**_says("Of the count."))
    place_id = Id("pla", **_says("Where; null: in no place.", allow_none=True))
    plan_id = Id("cpl", **_says("The plan that made it due; null: by hand.", allow_none=True))
    posted_on = Day(required=True)
    approved_by = fields.String(**_says("Null where nothing needed it.", allow_none=True))
    products = Whole(**_says("How many were counted."))
    off = Whole(**_says("How many of them were not as expected."))
    lines = fields.List(fields.Nested(CountedLine), required=True)

    says = "Count {number} posted. Products counted: {products}, off: {off}."
    example: ClassVar[dict[str, Any]] = {
        "count_id": "cnt_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "number": "CT-100001",
        "version": 5,
        "place_id": None,
        "plan_id": None,
        "posted_on": "2026-03-31",
        "approved_by": None,
        "products": 1,
        "off": 1,
        "lines": [
            {
                "product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "sku": "CHAIR-01",
                "counted": "19",
                "counted_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
                "expected": "20",
                "moved_since": "0",
                "variance": "-1",
                "variance_cost": -1800,
                "currency": "EUR",
                "needed_approval": False,
            }
        ],
    }
