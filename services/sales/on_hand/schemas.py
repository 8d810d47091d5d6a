"""What goes into and comes out of what is on hand."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.fields import (
    Currency,
    Day,
    Decimal,
    Flag,
    Id,
    Instant,
    Minor,
    OneLine,
    PageQuery,
    Quantity,
    Schema,
    SignedQuantity,
)


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"metadata": {"description": description}, **options}


AS_OF = _says("At the end of this day, which may be to come; left out, today.", load_default=None)
KNOWN_AT = _says(
    "As it was known at this moment, now if left out; of a day that was to come then, with what was "
    "planned then.",
    load_default=None,
)


class StockPath(Schema):
    """Of which product, day and moment it is asked."""

    product_id = Id("prd", required=True, **_says("The product."))
    as_of = Day(**AS_OF)
    known_at = Instant(**KNOWN_AT)


class ValueQuery(PageQuery):
    """Of which products, day and moment it is asked."""

    search = OneLine(longest=100, **_says("A part of the sku or the name.", load_default=None))
    as_of = Day(**AS_OF)
    known_at = Instant(**KNOWN_AT)


class StockQuery(ValueQuery):
    """Of which products, place, day and moment it is asked."""

    place_id = Id("pla", **_says("Only at this place; left out, everywhere.", load_default=None))


class _OfProduct(Schema):
    product_id = Id("prd", required=True, **_says("The product."))
    sku = fields.String(required=True, **_says("Its article number."))
    name = fields.String(required=True, **_says("What it is called."))
    unit = fields.String(required=True, **_says("What one of it is called."))
    pack_size = Quantity(required=True, **_says("How many units a pack of it holds."))
    as_of = Day(required=True, **_says("At the end of this day."))
    known_at = Instant(
        required=True, allow_none=True, **_says("As it was known then; null: as it is known now.")
    )
    is_hidden = Flag(
        required=True,
        **_says(
            "Whether it is being counted blind, so that whoever counts it, or may not approve counts, is "
            "not told what there is."
        ),
    )
    on_hand = SignedQuantity(
        required=True,
        allow_none=True,
        **_says(
            "What was done up to the day and, for a day to come, what is planned from today to it. Of "
            "days gone by it may be below 0 where something that came in was entered late. Null where it "
            "is hidden."
        ),
    )


class Stock(_OfProduct):
    """What is on hand of a product."""

    reserved = Quantity(
        required=True,
        allow_none=True,
        **_says(
            "What is kept for order lines now; null for days and moments gone by, for one place, and "
            "where it is hidden."
        ),
    )
    available = SignedQuantity(
        required=True, allow_none=True, **_says("On hand less reserved; null where that is.")
    )


class PlaceStock(Schema):
    """What is on hand at one place."""

    place_id = Id("pla", required=True, allow_none=True, **_says("Null: the one store."))
    code = fields.String(required=True, allow_none=True, **_says("What the place is called."))
    on_hand = SignedQuantity(required=True, **_says("What is there."))


class StockAtPlaces(Stock):
    """What is on hand of a product, and where."""

    places = fields.List(
        fields.Nested(PlaceStock),
        required=True,
        **_says("Where something is, by code; none where it is hidden."),
    )


class StockValue(_OfProduct):
    """What that which is on hand of a product is worth. Nothing that is only planned is worth
    anything."""

    currency = Currency(required=True, **_says("Of its amounts."))
    value = Minor(
        required=True,
        allow_none=True,
        **_says("What all that moved up to the day was worth; null where it is hidden."),
    )
    average_cost = Decimal(
        required=True,
        allow_none=True,
        **_says("What one unit costs on average now, in minor units; null: no cost is known."),
    )
