"""Reads of working hours: as they are, as they were, and as a timetable to count by."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from kernel.calendar import FIRST_INSTANT
from kernel.working_time import WorkingTime
from services.accounts.calendars import rules
from services.accounts.calendars.models import WorkingHours
from services.accounts.calendars.rules import Timetable


def get_working_hours(session: Session, *, zone: tzinfo) -> dict[str, Any]:
    """When we work now; `zone` is the business', which is ours where the company has said none."""
    return _told(last_hours(session), zone)


def list_working_hours(
    session: Session, *, zone: tzinfo, limit: int, after: str | None
) -> dict[str, Any]:
    """When we worked, the first that was said first."""
    by: list[Any] = [WorkingHours.version]
    page = read_page(session, select(WorkingHours), by=by, limit=limit, after=after)
    return page | {"items": [_told(one, zone) for one in page["items"]]}


def read_timetable(session: Session, *, zone: tzinfo) -> Timetable:
    """Our working time, with all its changes; `zone` is the business'."""
    rows = session.scalars(select(WorkingHours).order_by(WorkingHours.version)).all()
    usual = rules.working_time(rules.usual_week(None), zone=zone, country=None, closed_days=())
    return Timetable(
        [(FIRST_INSTANT, usual), *((one.effective_at, _working_time(one, zone)) for one in rows)]
    )


def read_working_time(session: Session, *, zone: tzinfo, moment: datetime) -> WorkingTime:
    """Our working time as it is at a moment; `zone` is the business'."""
    return read_timetable(session, zone=zone).at(moment)


def last_hours(session: Session) -> WorkingHours | None:
    """What was said last; None before anything was."""
    return session.scalars(
        select(WorkingHours).order_by(WorkingHours.version.desc()).limit(1)
    ).one_or_none()


def _working_time(row: WorkingHours, zone: tzinfo) -> WorkingTime:
    return rules.working_time(
        rules.read_week(row.week),
        zone=ZoneInfo(row.time_zone) if row.time_zone else zone,
        country=row.country,
        closed_days=row.closed_days,
    )


def _told(row: WorkingHours | None, zone: tzinfo) -> dict[str, Any]:
    if row is None:
        row = WorkingHours(
            version=0, week=[asdict(one) for one in rules.usual_week(None)], closed_days=[]
        )
    names = ("version", "effective_at", "closed_days", "country", "set_by")
    return {
        **{name: getattr(row, name) for name in names},
        "week": rules.read_week(row.week),
        "time_zone": row.time_zone or str(zone),
    }
