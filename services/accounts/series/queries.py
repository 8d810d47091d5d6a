"""Reads of series."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.activities.models import Activity
from services.accounts.activities.rules import ActivityStatus
from services.accounts.series.models import ActivitySeries


def list_series(
    session: Session, *, account_id: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Series, ended ones among them, in the order in which they began."""
    series = select(ActivitySeries)
    if account_id is not None:
        series = series.where(ActivitySeries.account_id == account_id)
    return read_page(session, series, by=[ActivitySeries.series_id], limit=limit, after=after)


def is_one_planned(session: Session, series_id: str) -> bool:
    """Whether an activity of the series is still to have its outcome."""
    planned = (Activity.series_id == series_id, Activity.status == ActivityStatus.PLANNED)
    return bool(session.scalar(select(exists().where(*planned))))
