"""Reading until which day stock is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.stock_periods.models import StockPeriod


def list_periods(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """A page of closed periods, the last first."""
    by = [StockPeriod.closed_to]
    return read_page(
        session, select(StockPeriod), by=by, limit=limit, after=after, is_descending=True
    )


def find_closed_to(session: Session) -> date | None:
    """The last closed day; it stays the last until the transaction ends."""
    last = select(StockPeriod).order_by(StockPeriod.closed_to.desc()).limit(1)
    # Whoever closes a period waits for those who have looked, and they for them.
    period = session.scalars(last.with_for_update(read=True)).one_or_none()
    return None if period is None else period.closed_to
