"""Reads of diaries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, require_person
from kernel.calendar import add_days
from services.accounts.absences.models import Absence
from services.accounts.absences.rules import Status
from services.accounts.accounts.models import Account
from services.accounts.activities.models import Activity
from services.accounts.activities.rules import ActivityStatus
from services.accounts.contacts.models import Contact
from services.accounts.diaries.rules import Entry, draw_calendar
from services.accounts.staff.models import Staff

DAYS_BACK, DAYS_AHEAD, ENTRIES_MAX = 31, 400, 2000


def get_diary(session: Session, *, staff_id: str, now: datetime, today: date) -> bytes:
    """What a person has planned, a month back and a year ahead, and when they are away."""
    staff = fetch(session, Staff, staff_id)
    require_person(session, staff_id)
    entries = [*_activities(session, staff_id, now), *_absences(session, staff_id, today)]
    return draw_calendar(f"Steward: {staff.name}", entries)


def _activities(session: Session, staff_id: str, now: datetime) -> Iterator[Entry]:
    begins, ends = now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_AHEAD)
    planned = session.execute(
        select(Activity, Account.name, Account.number)
        .join(Account, Account.account_id == Activity.account_id)
        .where(
            Activity.owner_id == staff_id,
            Activity.status == ActivityStatus.PLANNED,
            Activity.at.between(begins, ends),
        )
        .order_by(Activity.at, Activity.activity_id)
        .limit(ENTRIES_MAX)
    ).all()
    people = _people(session, {one for row in planned for one in row.Activity.contact_ids})
    for activity, name, number in planned:
        whom = [people[one] for one in activity.contact_ids if one in people]
        yield Entry(
            uid=activity.activity_id,
            begins=activity.at,
            ends=activity.ends_at,
            title=f"{activity.kind.capitalize()}: {name}",
            text="\n".join([activity.subject, f"Account {number}", *whom]),
            changed_at=activity.planned_at or activity.at,
        )


def _people(session: Session, contact_ids: set[str]) -> dict[str, str]:
    found = session.execute(
        select(Contact.contact_id, Contact.name, Contact.phone).where(
            Contact.contact_id.in_(contact_ids)
        )
    )
    return {row.contact_id: " ".join(filter(None, (row.name, row.phone))) for row in found}


def _absences(session: Session, staff_id: str, today: date) -> Iterator[Entry]:
    delegate: Any = Staff
    rows = session.execute(
        select(Absence, delegate.name)
        .join(delegate, delegate.staff_id == Absence.delegate_id)
        .where(
            Absence.staff_id == staff_id,
            Absence.status.in_((Status.PLANNED, Status.AWAY)),
            Absence.until_on >= add_days(today, -DAYS_BACK),
        )
        .order_by(Absence.from_on, Absence.absence_id)
        .limit(ENTRIES_MAX)
    )
    for absence, name in rows:
        yield Entry(
            uid=absence.absence_id,
            begins=absence.from_on,
            ends=add_days(absence.until_on, 1),
            title="Away",
            text=f"{name} stands in.",
            changed_at=absence.planned_at,
        )
