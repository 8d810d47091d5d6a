"""Counting cases, all of a period in one statement."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from services.accounts.case_figures.rules import period_of
from services.accounts.cases.models import Case
from services.accounts.clocks.models import CaseClock
from services.accounts.clocks.rules import Clock
from services.accounts.staff.models import Staff

_WAYS = {"kinds": 0b0011, "owners": 0b1101, "teams": 0b1110, "total": 0b1111}  # see GROUPING()


def report_cases(
    session: Session, *, first_day: date, last_day: date, now: datetime, zone: tzinfo
) -> dict[str, Any]:
    """The cases received in a period of days in a zone: by kind and state, by owner, by team, in all."""
    begins, ends = period_of(first_day, last_day, zone)
    clocks = {clock: aliased(CaseClock) for clock in Clock}
    kind, status, owner, manager = Case.kind, Case.status, Case.owner_id, Staff.reports_to_id
    counted = (
        select(
            kind,
            status,
            owner,
            manager.label("manager_id"),
            func.grouping(kind, status, owner, manager).label("way"),
            func.count(Case.case_id).label("cases"),
            func.coalesce(func.sum(Case.times_reopened), 0).label("reopenings"),
            *(one for clock, row in clocks.items() for one in _in_time(clock, row, now)),
        )
        .join(Staff, Staff.staff_id == Case.owner_id)
        .where(Case.received_at >= begins, Case.received_at < ends)
        .group_by(
            func.grouping_sets(
                tuple_(kind, status), tuple_(owner), tuple_(manager), literal_column("()")
            )
        )
        .order_by(kind, status, owner, manager)
    )
    for clock, row in clocks.items():
        counted = counted.outerjoin(row, and_(row.case_id == Case.case_id, row.clock == clock))
    rows = session.execute(counted).mappings().all()
    found = {name: [one for one in rows if one["way"] == way] for name, way in _WAYS.items()}
    return {**found, "total": found["total"][0], "first_day": first_day, "last_day": last_day}


def _in_time(clock: Clock, row: Any, now: datetime) -> tuple[Label[int], Label[int]]:
    is_missed: ColumnElement[bool] = or_(
        row.is_missed, and_(row.ended_at.is_(None), row.due_at <= now)
    )
    is_met = and_(row.ended_at.is_not(None), ~row.is_missed)
    return (
        func.count().filter(is_met).label(f"{clock}_met"),
        func.count().filter(is_missed).label(f"{clock}_missed"),
    )
