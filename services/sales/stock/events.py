"""What is announced of stock."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Day, Id, SignedQuantity, Whole
from services.sales.shapes import Level


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class StockMoved(Event):
    """So much of a product came in (above 0) or went out (below 0). What it cost is not told."""

    about = "product_id"

    product_id = Id("prd", **_told("What moved."))
    sku = fields.String(**_told("What it is called."))
    move_id = Id("mov", **_told("The move."))
    kind = fields.String(
        **_told("receipt, shipment, return, scrap, transfer or count; more may come.")
    )
    quantity = SignedQuantity(**_told("How many units."))
    unit = fields.String(**_told("What one of them is called."))
    moved_on = Day(**_told("On which day; it may be entered later."))
    caused_by = fields.String(
        **_told("The id of what caused it, such as a shipment.", allow_none=True)
    )
    place_id = Id("pla", **_told("Where; null: in the one store.", allow_none=True))
    lot = fields.String(**_told("Of which lot.", allow_none=True))
    on_hand = Level(
        **_told("What is on hand of it, wherever it is, after all that moved together with this.")
    )
    version = Whole(**_told("Counts the product's moves; the highest says what is on hand."))

    says = "{sku}: {quantity} {unit} moved on {moved_on} ({kind}), {on_hand} on hand."
    example: ClassVar[dict[str, Any]] = {
        "product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "sku": "CHAIR-01",
        "move_id": "mov_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "shipment",
        "quantity": "-3",
        "unit": "piece",
        "moved_on": "2026-03-01",
        "caused_by": "shp_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "place_id": None,
        "lot": None,
        "on_hand": "17",
        "version": 2,
    }
