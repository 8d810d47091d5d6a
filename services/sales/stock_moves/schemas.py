"""What goes into and comes out of stock moves."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.fields import (
    Code,
    Currency,
    Day,
    EachByItself,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Quantity,
    Result,
    Schema,
    SignedQuantity,
    Text,
    Whole,
)
from services.sales.products.schemas import Sku
from services.sales.stock.rules import MoveKind, MoveStatus
from services.sales.stock_moves.rules import PLANS_MAX, RECEIPTS_MAX, PlannedKind


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"metadata": {"description": description}, **options}


def _maybe(description: str, **options: Any) -> dict[str, Any]:
    return _says(description, load_default=None, allow_none=True, **options)


class Goods(Schema):
    """So much of a product, named by its id or its sku; in units, or in packs."""

    product_id = Id("prd", **_maybe("The product; or give its sku."))
    sku = Sku(**_maybe("The product's sku; or give its product_id."))
    quantity = Quantity(**_maybe("How many units; or give packs."))
    packs = Quantity(**_maybe("How many packs, each of the product's pack_size units."))
    lot = OneLine(longest=60, **_maybe("Of which lot they are."))

    @validates_schema
    def name_one_product(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("product_id") is None) == (data.get("sku") is None):
            raise ValidationError("Give either product_id or sku.", "sku")

    @validates_schema
    def say_how_many(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("quantity") is None) == (data.get("packs") is None):
            raise ValidationError("Give either quantity or packs.", "quantity")


class _Costed(Goods):
    """What comes in, and what it has cost."""

    place_id = Id("pla", **_maybe("Where; left out, in the one store."))
    unit_cost = Minor(
        least=0,
        **_maybe(
            "What one unit has cost, in minor units; left out, it comes in at the average cost."
        ),
    )
    currency = Currency(**_maybe("Of the cost; must be the product's."))
    note = Text(longest=500, **_maybe("What is to be remembered of it."))


class Receipt(_Costed):
    """Goods that came in."""

    moved_on = Day(**_maybe("On which day, not in the future; left out, today."))
    reference = OneLine(
        longest=100,
        **_maybe(
            "What the supplier or another system calls it: the product is received under it once, "
            "however often it is sent; other goods of it need another."
        ),
    )

    example = {
        "sku": "CHAIR-01",
        "quantity": "20",
        "unit_cost": 5200,
        "currency": "EUR",
        "reference": "DN 4711/1",
    }


class Receive(Schema):
    """Goods that came in, of many products at once."""

    receipts = EachByItself(
        fields.Nested(Receipt),
        least=1,
        most=RECEIPTS_MAX,
        required=True,
        **_says(f"1 to {RECEIPTS_MAX}; a broken one does not stop the others."),
    )


class ReceiptResult(Result):
    """What became of one receipt: a move, which may have been there before; or why it was refused."""

    move_id = Id("mov", **_says("The move, where it was received."))


class Received(Schema):
    """What became of each receipt."""

    received = Whole(**_says("How many were received, or had been before."))
    refused = Whole(**_says("How many were not."))
    results = fields.List(
        fields.Nested(ReceiptResult), **_says("One for each receipt sent, in their order.")
    )


class Scrap(Goods):
    """Goods that are thrown away."""

    place_id = Id("pla", **_maybe("From where; left out, from the one store."))
    moved_on = Day(**_maybe("On which day, not in the future; left out, today."))
    reason = Text(longest=500, required=True, **_says("Why."))

    example = {"sku": "CHAIR-01", "quantity": "1", "reason": "Broken in the warehouse."}


class Transfer(Goods):
    """Goods that go from one place to another."""

    from_place_id = Id("pla", **_maybe("From where; left out, from the one store."))
    to_place_id = Id("pla", **_maybe("To where; left out, to the one store."))
    moved_on = Day(**_maybe("On which day, not in the future; left out, today."))
    note = Text(longest=500, **_maybe("What is to be remembered of it."))

    example = {
        "sku": "CHAIR-01",
        "packs": "2",
        "from_place_id": "pla_01jd3v4q6ye8z9t5k2m7n0p1xw",
    }


class PlannedMove(_Costed):
    """Goods that are to come in or go out."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(PlannedKind)),
        **_says("Receipts and returns come in, shipments and scrap go out."),
    )
    planned_on = Day(required=True, **_says("On which day; it counts from today to that day."))

    example = {
        "kind": "receipt",
        "sku": "CHAIR-01",
        "quantity": "8",
        "planned_on": "2026-03-25",
    }


class PlanGoods(Schema):
    """Goods that are to come in or go out, all or none."""

    moves = ListOf(
        fields.Nested(PlannedMove),
        least=1,
        most=PLANS_MAX,
        required=True,
        **_says("What is planned."),
    )


class MovePath(Schema):
    """Names one move."""

    move_id = Id("mov", required=True, **_says("The move."))


class FinishMove(MovePath):
    """On which day a planned move was done."""

    moved_on = Day(**_maybe("Not in the future; left out, today."))


class About(Code):
    """The id of what caused a move."""

    pattern = "[a-z]{2,8}_[0-7][0-9a-hjkmnp-tv-z]{25}"
    remedy = "Must be an id, such as that of a shipment."
    sample = "shp_01jd3v4q6ye8z9t5k2m7n0p1xw"


class MoveQuery(PageQuery):
    """Which moves to list."""

    product_id = Id("prd", **_says("Only those of this product.", load_default=None))
    place_id = Id("pla", **_says("Only those at this place.", load_default=None))
    about = About(**_says("Only those that this caused.", load_default=None))
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(list(MoveKind)),
        **_says("Only those of this kind."),
    )
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(MoveStatus)),
        **_says("Only those that stand so."),
    )
    moved_from = Day(**_says("Only those of this day or later.", load_default=None))
    moved_to = Day(**_says("Only those of this day or earlier.", load_default=None))


class StockMove(Schema):
    """So much of a product that came in (above 0) or went out (below 0), or is planned to."""

    move_id = Id("mov", required=True, **_says("The move."))
    product_id = Id("prd", required=True, **_says("What moves."))
    quantity = SignedQuantity(required=True, **_says("How many units."))
    kind = fields.String(required=True, **_says("Why."))
    status = fields.String(required=True, **_says("planned, done or cancelled."))
    planned_on = Day(required=True, allow_none=True, **_says("For which day it was planned."))
    moved_on = Day(required=True, **_says("The day of what is done, else that it is planned for."))
    about = fields.String(
        required=True, allow_none=True, **_says("The id of what caused it; null: by hand.")
    )
    place_id = Id("pla", required=True, allow_none=True, **_says("Where; null: the one store."))
    lot = fields.String(required=True, allow_none=True, **_says("Of which lot."))
    note = fields.String(required=True, allow_none=True, **_says("What was said of it."))
    recorded_at = Instant(required=True, **_says("When it was entered."))
    recorded_by = fields.String(required=True, **_says("By whom."))
    done_at = Instant(required=True, allow_none=True, **_says("When it was entered as done."))
    done_by = fields.String(required=True, allow_none=True, **_says("By whom."))
    cancelled_at = Instant(required=True, allow_none=True, **_says("When it was given up."))
    cancelled_by = fields.String(required=True, allow_none=True, **_says("By whom."))


class StockMoves(Schema):
    """Moves that were entered together."""

    moves = fields.List(fields.Nested(StockMove), required=True, **_says("In their order."))
