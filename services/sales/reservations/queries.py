"""Reading reservations and when orders are reserved. What a move needs of them is of all accounts,
whoever moves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.reservations.models import StockReservation, StockSetting
from services.sales.reservations.rules import Kept, ReservesAt

_KEPT = [getattr(StockReservation, name) for name in Kept._fields]


def find_kept(session: Session, *, line_ids: Collection[str]) -> dict[str, Kept]:
    """What is kept for these lines, by line."""
    session.flush()
    rows = session.connection().execute(
        select(*_KEPT).where(StockReservation.line_id.in_(sorted(line_ids)))
    )
    return {row.line_id: Kept(**row._mapping) for row in rows}


def list_reservations(
    session: Session,
    *,
    order_id: str | None,
    product_id: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of what lines want and have reserved, what was wanted first first."""
    statement = select(StockReservation)
    if order_id is not None:
        statement = statement.where(StockReservation.order_id == order_id)
    if product_id is not None:
        statement = statement.where(StockReservation.product_id == product_id)
    by = [StockReservation.wanted_at, StockReservation.line_id]
    return read_page(session, statement, by=by, limit=limit, after=after)


def get_settings(session: Session) -> StockSetting:
    """How stock is kept now."""
    last = select(StockSetting).order_by(StockSetting.version.desc()).limit(1)
    setting = session.scalars(last).one_or_none()
    if setting is not None:
        return setting
    return StockSetting(version=0, reserves_at=ReservesAt.ASSIGNMENT, set_at=None, set_by=None)
