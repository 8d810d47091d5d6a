"""Reading reservations and when orders are reserved. What a move needs of them is of all accounts,
whoever moves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.reservations.models import StockReservation, StockSetting
from services.sales.reservations.rules import Kept, ReservesAt

# One parameter, however many lines: a batch of orders has thousands.
_KEPT = text(
    """
    SELECT line_id, product_id, quantity, reserved FROM stock_reservation
    WHERE line_id = ANY(CAST(:line_ids AS text[]))
    """
)


def find_kept(session: Session, *, line_ids: Collection[str]) -> dict[str, Kept]:
    """What is kept for these lines, by line."""
    session.flush()
    rows = session.connection().execute(_KEPT, {"line_ids": sorted(line_ids)})
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
