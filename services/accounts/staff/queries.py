"""Reads of staff."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.accounts.staff.models import Staff
from services.accounts.staff.rules import Role

EVERY = select(Staff)
"""Whom listeners are told of."""


def get_staff(session: Session, *, staff_id: str) -> Staff:
    """One person."""
    return fetch_only(session, Staff, staff_id)


def list_staff(
    session: Session,
    *,
    role: Role | None,
    reports_to_id: str | None,
    is_active: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """People, in the order in which they joined."""
    people = select(Staff)
    if role is not None:
        people = people.where(Staff.role == role)
    if reports_to_id is not None:
        people = people.where(Staff.reports_to_id == reports_to_id)
    if is_active is not None:
        people = people.where(Staff.left_on.is_(None) if is_active else Staff.left_on.is_not(None))
    return read_page(session, people, by=[Staff.staff_id], limit=limit, after=after)
