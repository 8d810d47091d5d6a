"""Reading moves and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from types import EllipsisType

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.sales.levels.queries import find_levels
from services.sales.products.models import Product
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveStatus

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
    statement = select(StockMove.product_id, _SUM).where(_counts(as_of, known_at, today))
    if product_ids is not None:
        statement = statement.where(StockMove.product_id.in_(sorted(product_ids)))
    if not isinstance(place_id, EllipsisType):
        statement = statement.where(StockMove.place_id.is_not_distinct_from(place_id))
    rows = session.execute(statement.group_by(StockMove.product_id))
    return {row.product_id: row.quantity for row in rows}


def read_at_places(
    session: Session, *, product_id: str, as_of: date, known_at: datetime | None, today: date
) -> dict[str | None, Decimal]:
    """What is on hand of one product on a day, as in `read_on_hand`, by place; only where something
    is."""
    rows = session.execute(
        select(StockMove.place_id, _SUM)
        .where(StockMove.product_id == product_id, _counts(as_of, known_at, today))
        .group_by(StockMove.place_id)
        .having(func.sum(StockMove.quantity) != 0)
    )
    return {row.place_id: row.quantity for row in rows}


def read_values(
    session: Session, *, as_of: date, known_at: datetime | None, product_ids: Collection[str]
) -> dict[str, tuple[Decimal, int]]:
    """What is on hand of these products on a day, and what that is worth, without what is only
    planned."""
    rows = session.execute(
        select(StockMove.product_id, _SUM, func.sum(StockMove.value).label("value"))
        .where(_counts(as_of, known_at, None), StockMove.product_id.in_(sorted(product_ids)))
        .group_by(StockMove.product_id)
    )
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
        .where(StockMove.key.in_(sorted(keys)))
        .execution_options(populate_existing=True)
    )
    return {move.key: move for move in moves}


def find_at_places(
    session: Session, *, keys: Collection[tuple[str, str | None]]
) -> dict[tuple[str, str | None], Decimal]:
    """What is on hand of products at places; without one, in the one store."""
    place_id = func.coalesce(StockMove.place_id, "")
    where = tuple_(StockMove.product_id, place_id)
    wanted = sorted((product_id, at or "") for product_id, at in keys)
    rows = session.execute(
        select(StockMove.product_id, StockMove.place_id, func.sum(StockMove.quantity))
        .where(StockMove.status == MoveStatus.DONE, where.in_(wanted))
        .group_by(StockMove.product_id, StockMove.place_id)
    )
    return {(product_id, at): quantity for product_id, at, quantity in rows}


def _counts(as_of: date, known_at: datetime | None, today: date | None) -> ColumnElement[bool]:
    """Whether a move counts in what is on hand."""
    is_done = _is_done(known_at) & (StockMove.moved_on <= as_of)
    if today is None or as_of <= today:
        return is_done
    return or_(is_done, and_(_is_planned(known_at), StockMove.planned_on.between(today, as_of)))


def _is_done(known_at: datetime | None) -> ColumnElement[bool]:
    is_done = StockMove.status == MoveStatus.DONE
    return is_done if known_at is None else is_done & (StockMove.done_at <= known_at)


def _is_planned(known_at: datetime | None) -> ColumnElement[bool]:
    """Planned, and neither done nor cancelled yet."""
    if known_at is None:
        return StockMove.status == MoveStatus.PLANNED
    ended_at = func.coalesce(StockMove.done_at, StockMove.cancelled_at)
    is_open = or_(ended_at.is_(None), ended_at > known_at)
    return StockMove.planned_on.is_not(None) & (StockMove.recorded_at <= known_at) & is_open
