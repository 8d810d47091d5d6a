"""Reads of absences."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.accounts.absences.models import Absence
from services.accounts.absences.rules import Status

EVERY = select(Absence)
"""What listeners are told of."""


def get_absence(session: Session, *, absence_id: str) -> Absence:
    """One absence."""
    return fetch_only(session, Absence, absence_id)


def list_absences(
    session: Session,
    *,
    staff_id: str | None,
    delegate_id: str | None,
    status: Status | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Absences by their first day."""
    columns = (Absence.staff_id, Absence.delegate_id, Absence.status)
    filters = zip(columns, (staff_id, delegate_id, status), strict=True)
    wanted = [column == value for column, value in filters if value is not None]
    by = [Absence.from_on, Absence.absence_id]
    return read_page(session, select(Absence).where(*wanted), by=by, limit=limit, after=after)


def is_away(staff_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a member of staff, given by a column, is away now."""
    away = select(Absence.absence_id)
    return away.where(Absence.staff_id == staff_id, Absence.status == Status.AWAY).exists()
