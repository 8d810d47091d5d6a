"""What happens to series: begun, gone on with, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from kernel.calendar import add_days, day_at, moment_at
from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.activities.models import Activity
from services.accounts.activities.usecases import plan_activity
from services.accounts.series import queries, rules
from services.accounts.series.models import ActivitySeries
from services.accounts.staff.usecases import require_active


def begin_series(
    session: Session,
    *,
    account_id: str,
    owner_id: str | None,
    starts_on: date | None,
    now: datetime,
    by: str,
    zone: tzinfo,
    **facts: Any,
) -> ActivitySeries:
    """Begin a series, and plan its first activity."""
    today = day_at(now, zone)
    if owner_id is not None:
        require_active(session, owner_id)
    series = ActivitySeries(
        series_id=new_id("ser"),
        account_id=account_id,
        owner_id=owner_id,
        starts_on=starts_on or today,
        begun_by=by,
        **facts,
    )
    rules.require_recurrence(series.recurrence, today=today)
    after = add_days(max(series.starts_on, today), -1)
    _plan_next(session, series, after=after, now=now, by=by, zone=zone)
    session.add(series)
    session.flush()
    return series


def end_series(session: Session, *, series_id: str, now: datetime, by: str) -> ActivitySeries:
    """Plan no more activities of a series; what is planned already stays."""
    series = fetch_for_change(session, ActivitySeries, series_id)
    rules.require_running(series.ended_at)
    series.ended_by, series.ended_at = by, now
    session.flush()
    return series


def pass_on_series(
    session: Session, was_theirs: Callable[[Any], ColumnElement[bool]], **_: Any
) -> None:
    """Give series that were somebody's to who owns their accounts now, in one statement."""
    session.execute(
        update(ActivitySeries)
        .where(
            ActivitySeries.account_id == Account.account_id,
            ActivitySeries.ended_at.is_(None),
            was_theirs(ActivitySeries),
        )
        .values(owner_id=Account.owner_id, version=ActivitySeries.version + 1),
        execution_options={"synchronize_session": False},
    )


def go_on(
    session: Session, *, activity_id: str, series_id: str | None, now: datetime, zone: tzinfo
) -> None:
    """Plan the next activity of a series whose last has its outcome."""
    if series_id is None:
        return
    series = fetch_for_change(session, ActivitySeries, series_id)
    last = fetch(session, Activity, activity_id)
    assert last.series_on is not None, "what is of a series has its day there"
    if series.ended_at is None and not queries.is_one_planned(session, series_id):
        after, by = last.series_on, series.begun_by
        _plan_next(session, series, after=after, now=now, by=by, zone=zone)


def _plan_next(
    session: Session,
    series: ActivitySeries,
    *,
    after: date,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> None:
    """The first that is still to come; nothing where the series is over."""
    day = series.recurrence.next_after(after)
    while day is not None and moment_at(day, series.time_of_day, zone) < now:
        day = series.recurrence.next_after(day)
    if day is None:
        return
    plan_activity(
        session,
        account_id=series.account_id,
        kind=series.kind,
        at=moment_at(day, series.time_of_day, zone),
        subject=series.subject,
        minutes=series.minutes,
        contact_ids=series.contact_ids,
        person=series.owner_id,
        series_id=series.series_id,
        series_on=day,
        now=now,
        by=by,
        zone=zone,
    )
