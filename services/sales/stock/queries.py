"""Reading moves and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from types import EllipsisType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    any_,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.sales.levels.queries import find_levels
from services.sales.products.models import Product
from services.sales.stock import rules
from services.sales.stock.models import StockMonth, StockMove
from services.sales.stock.rules import MoveStatus

_MOVED = ("product_id", "place_id", "quantity", "value")
_IS_DONE = StockMove.status == MoveStatus.DONE
_SUM = func.sum(StockMove.quantity).label("quantity")


def read_on_hand(
    session: Session,
    *,
    as_of: date,
    known_at: datetime | None,
    product_ids: Collection[str] | None = None,
    place_id: str | EllipsisType | None = ...,
    today: date | None = None,
) -> dict[str, Decimal]:
    """What is on hand on a day, by product; of those that never moved there is nothing. Moves that were
    done up to the day and, where the day comes after `today`, those planned from today to the day;
    without `today` none that is only planned. As known at a moment, or now. Everywhere, or at one
    place; None is what moved without one."""
    moved = _moved(as_of, known_at, today, product_ids)
    statement = select(moved.c.product_id, func.sum(moved.c.quantity).label("quantity"))
    if not isinstance(place_id, EllipsisType):
        statement = statement.where(moved.c.place_id == (place_id or ""))
    rows = session.execute(statement.group_by(moved.c.product_id))
    return {row.product_id: row.quantity for row in rows}


def read_at_places(
    session: Session, *, product_id: str, as_of: date, known_at: datetime | None, today: date
) -> dict[str | None, Decimal]:
    """What is on hand of one product on a day, as in `read_on_hand`, by place; only where something
    is."""
    moved = _moved(as_of, known_at, today, [product_id])
    quantity = func.sum(moved.c.quantity)
    rows = session.execute(
        select(moved.c.place_id, quantity.label("quantity"))
        .group_by(moved.c.place_id)
        .having(quantity != 0)
    )
    return {row.place_id or None: row.quantity for row in rows}


def read_values(
    session: Session, *, as_of: date, known_at: datetime | None, product_ids: Collection[str]
) -> dict[str, tuple[Decimal, int]]:
    """What is on hand of these products on a day, and what that is worth, without what is only
    planned."""
    moved = _moved(as_of, known_at, None, product_ids)
    sums = [func.sum(moved.c[name]).label(name) for name in ("quantity", "value")]
    rows = session.execute(select(moved.c.product_id, *sums).group_by(moved.c.product_id))
    return {row.product_id: (row.quantity, int(row.value)) for row in rows}


def read_costs(session: Session, *, product_ids: Collection[str]) -> dict[str, tuple[Decimal, str]]:
    """What one of these products costs on average, in minor units, and the currency of that; without
    those of which no cost is known."""
    levels = find_levels(session, product_ids=product_ids)
    currencies = session.execute(
        select(Product.product_id, Product.currency).where(Product.product_id.in_(sorted(levels)))
    )
    return {
        product_id: (cost, currency)
        for product_id, currency in currencies
        if (cost := levels[product_id].average_cost) is not None
    }


def read_coming(
    session: Session, *, from_on: date, product_ids: Collection[str]
) -> dict[str, Decimal]:
    """What of these products is planned to come in from a day on."""
    rows = session.execute(
        select(StockMove.product_id, _SUM)
        .where(
            _is_planned(None),
            StockMove.planned_on >= from_on,
            StockMove.quantity > 0,
            StockMove.product_id.in_(sorted(product_ids)),
        )
        .group_by(StockMove.product_id)
    )
    return {row.product_id: row.quantity for row in rows}


def find_moves(session: Session, *, keys: Collection[str]) -> dict[str, StockMove]:
    """The moves of these keys, by key."""
    moves = session.scalars(
        select(StockMove)
        .where(StockMove.key == any_(cast(sorted(keys), ARRAY(Text))))
        .execution_options(populate_existing=True)
    )
    return {move.key: move for move in moves}


def find_at_places(
    session: Session, *, keys: Collection[tuple[str, str | None]]
) -> dict[tuple[str, str | None], Decimal]:
    """What is on hand of products at places; without one, in the one store."""
    wanted = sorted((product_id, at or "") for product_id, at in keys)
    rows = session.execute(
        select(StockMonth.product_id, StockMonth.place_id, func.sum(StockMonth.quantity))
        .where(tuple_(StockMonth.product_id, StockMonth.place_id).in_(wanted))
        .group_by(StockMonth.product_id, StockMonth.place_id)
    )
    return {(product_id, at or None): quantity for product_id, at, quantity in rows}


def _moved(
    as_of: date,
    known_at: datetime | None,
    today: date | None,
    product_ids: Collection[str] | None,
) -> Subquery:
    """What counts in what is on hand, by product and place: whole months, the days after them, less
    what was not known yet, and what is planned. All of 4,000 products over 1,000,000 moves is asked for
    at once."""
    days = rules.days_alone(as_of)
    months = [getattr(StockMonth, name) for name in _MOVED]
    parts: list[tuple[type[StockMonth | StockMove], Select[*tuple[Any, ...]]]] = [
        (StockMonth, select(*months).where(StockMonth.month < days)),
        (StockMove, _moves(1).where(_IS_DONE, StockMove.moved_on.between(days, as_of))),
    ]
    if known_at is not None:
        late = _moves(-1).where(StockMove.done_at > known_at, StockMove.moved_on <= as_of)
        parts.append((StockMove, late))
    if today is not None and as_of > today:
        is_to_come = StockMove.planned_on.between(today, as_of)
        parts.append((StockMove, _moves(1).where(_is_planned(known_at), is_to_come)))
    if product_ids is None:
        return union_all(*(part for _, part in parts)).subquery()
    wanted = any_(literal(sorted(product_ids), ARRAY(Text)))
    return union_all(*(part.where(model.product_id == wanted) for model, part in parts)).subquery()


def _moves(sign: int) -> Select[*tuple[Any, ...]]:
    return select(
        StockMove.product_id,
        func.coalesce(StockMove.place_id, "").label("place_id"),
        (sign * StockMove.quantity).label("quantity"),
        (sign * func.coalesce(StockMove.value, 0)).label("value"),
    )


def _is_planned(known_at: datetime | None) -> ColumnElement[bool]:
    """Planned, and neither done nor cancelled yet."""
    if known_at is None:
        return StockMove.status == MoveStatus.PLANNED
    ended_at = func.coalesce(StockMove.done_at, StockMove.cancelled_at)
    is_open = or_(ended_at.is_(None), ended_at > known_at)
    return StockMove.planned_on.is_not(None) & (StockMove.recorded_at <= known_at) & is_open
