"""Reading what is on hand, in as many statements whether of one product or of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.text import fold
from services.sales.counts.queries import find_hidden
from services.sales.counts.rules import Onlooker
from services.sales.levels.models import StockLevel
from services.sales.levels.queries import find_levels
from services.sales.on_hand.rules import NOTHING, View, choose_view, require_told
from services.sales.places.queries import find_places
from services.sales.places.rules import require_known
from services.sales.products.models import Product
from services.sales.stock.queries import read_at_places, read_on_hand, read_values

_HIDDEN = {"on_hand": None, "reserved": None, "available": None}
_HIDDEN_VALUE = {"is_hidden": True, "on_hand": None, "value": None}
_OF_PRODUCT = ("product_id", "sku", "name", "unit", "pack_size", "currency")


def get_stock(
    session: Session,
    *,
    product_id: str,
    as_of: date | None,
    known_at: datetime | None,
    today: date,
    now: datetime,
    then: date,
    onlooker: Onlooker,
) -> dict[str, Any]:
    """What is on hand of one product, and where."""
    product = fetch(session, Product, product_id)
    require_told(product.sku, is_stocked=product.is_stocked)
    view = choose_view(as_of, known_at, today=today, now=now, then=then)
    [told] = _tell(session, [product], view, onlooker)
    if told["is_hidden"]:
        return {**told, "places": []}
    at = read_at_places(session, product_id=product_id, **view._asdict())
    codes = find_places(session, place_ids=[place_id for place_id in at if place_id is not None])
    places = [
        {"place_id": place_id, "code": codes.get(place_id or ""), "on_hand": quantity}
        for place_id, quantity in at.items()
    ]
    return {**told, "places": sorted(places, key=lambda place: place["code"] or "")}


def list_stock(
    session: Session,
    *,
    search: str | None,
    place_id: str | None,
    as_of: date | None,
    known_at: datetime | None,
    today: date,
    now: datetime,
    then: date,
    onlooker: Onlooker,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of what is on hand, by sku; everywhere or at one place."""
    view = choose_view(as_of, known_at, today=today, now=now, then=then)
    if place_id is not None:
        require_known([place_id], known=find_places(session, place_ids=[place_id]))
    page = _read_products(session, search=search, limit=limit, after=after)
    return page | {"items": _tell(session, page["items"], view, onlooker, place_id=place_id)}


def list_stock_values(
    session: Session,
    *,
    search: str | None,
    as_of: date | None,
    known_at: datetime | None,
    today: date,
    now: datetime,
    then: date,
    onlooker: Onlooker,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of what that which is on hand is worth, by sku: what the moves up to the day were worth."""
    view = choose_view(as_of, known_at, today=today, now=now, then=then)
    page = _read_products(session, search=search, limit=limit, after=after)
    products: Sequence[Product] = page["items"]
    product_ids = [product.product_id for product in products]
    values = read_values(session, as_of=view.as_of, known_at=view.known_at, product_ids=product_ids)
    levels = find_levels(session, product_ids=product_ids)
    hidden = find_hidden(session, product_ids=product_ids, onlooker=onlooker)
    items = [
        _value(product, view, values, levels)
        | (_HIDDEN_VALUE if product.product_id in hidden else {})
        for product in products
    ]
    return page | {"items": items}


def _value(
    product: Product,
    view: View,
    values: Mapping[str, tuple[Decimal, int]],
    levels: Mapping[str, StockLevel],
) -> dict[str, Any]:
    on_hand, value = values.get(product.product_id, (NOTHING, 0))
    level = levels.get(product.product_id)
    cost = None if level is None else level.average_cost
    return {
        **{name: getattr(product, name) for name in _OF_PRODUCT},
        **_of(view),
        "is_hidden": False,
        "on_hand": on_hand,
        "value": value,
        "average_cost": cost and cost.normalize(),
    }


def _read_products(
    session: Session, *, search: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    statement: Select[Any] = select(Product).where(Product.is_stocked)
    if search is not None:
        text = fold(search)
        is_found = Product.search_key.contains(text, autoescape=True)
        statement = statement.where(is_found if text else false())
    return read_page(session, statement, by=[Product.sku], limit=limit, after=after)


def _tell(
    session: Session,
    products: Sequence[Product],
    view: View,
    onlooker: Onlooker,
    *,
    place_id: str | None = None,
) -> list[dict[str, Any]]:
    product_ids = [product.product_id for product in products]
    where: dict[str, Any] = {} if place_id is None else {"place_id": place_id}
    on_hand = read_on_hand(session, product_ids=product_ids, **view._asdict(), **where)
    reserved = None
    if view.is_of_now and place_id is None:
        levels = find_levels(session, product_ids=product_ids)
        reserved = {product_id: level.reserved for product_id, level in levels.items()}
    hidden = find_hidden(session, product_ids=product_ids, onlooker=onlooker)
    return [
        {
            **{name: getattr(product, name) for name in _OF_PRODUCT},
            **_of(view),
            "is_hidden": product.product_id in hidden,
            **_quantities(product.product_id, on_hand, reserved),
            **(_HIDDEN if product.product_id in hidden else {}),
        }
        for product in products
    ]


def _quantities(
    product_id: str, on_hand: Mapping[str, Decimal], reserved: Mapping[str, Decimal] | None
) -> dict[str, Decimal | None]:
    there = on_hand.get(product_id, NOTHING)
    if reserved is None:
        return {"on_hand": there, "reserved": None, "available": None}
    kept = reserved.get(product_id, NOTHING)
    return {"on_hand": there, "reserved": kept, "available": there - kept}


def _of(view: View) -> dict[str, Any]:
    return {"as_of": view.as_of, "known_at": view.known_at}
