"""Close a period of stock."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.sales.stock_periods import queries, rules
from services.sales.stock_periods.models import StockPeriod

_WAIT = text("LOCK TABLE stock_period IN EXCLUSIVE MODE")


def close_period(
    session: Session, *, closed_to: date, today: date, now: datetime, by: str
) -> StockPeriod:
    """Let nothing be dated up to this day any more. Waits for those who are doing so."""
    session.execute(_WAIT)
    rules.require_closable(closed_to, was=queries.find_closed_to(session), today=today)
    period = StockPeriod(closed_to=closed_to, closed_at=now, closed_by=by)
    session.add(period)
    session.flush()
    return period
