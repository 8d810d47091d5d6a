"""What happens to absences: they are planned, begin, are extended, end, are cancelled."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change, require_person
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.calendar import add_days, moment_at
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.accounts.absences import events, rules
from services.accounts.absences.models import Absence
from services.accounts.absences.rules import OPEN, Action, Days, May, Status
from services.accounts.dues import AbsenceTurns
from services.accounts.periods.rules import TURNS_AT, require_end, require_period
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import require_active

_EVENTS: dict[Action, type[Any]] = {
    Action.BEGIN: events.AbsenceBegan,
    Action.EXTEND: events.AbsenceExtended,
    Action.CANCEL: events.AbsenceCancelled,
}


def plan_absence(
    session: Session,
    *,
    staff_id: str,
    delegate_id: str,
    from_on: date | None,
    until_on: date,
    reason: str,
    may: May,
    today: date,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> Absence:
    """Let somebody be away from today or a later day on, and another stand in for them."""
    require_person(session, staff_id)
    rules.require_delegate(staff_id=staff_id, delegate_id=delegate_id)
    days = Days(from_on or today, until_on)
    require_period(from_on=days.from_on, until_on=until_on, today=today)
    _require_possible(session, staff_id, delegate_id, days)
    absence = Absence(
        absence_id=new_id("abs"),
        staff_id=staff_id,
        delegate_id=delegate_id,
        from_on=days.from_on,
        until_on=until_on,
        reason=reason,
        may=may,
        status=Status.PLANNED,
        planned_by=by,
        planned_at=now,
    )
    session.add(absence)
    _announce(session, events.AbsencePlanned, absence)
    if days.from_on == today:
        _move(session, absence, Action.BEGIN)
    _keep_turn(session, absence, zone)
    return absence


def extend_absence(
    session: Session, *, absence_id: str, until_on: date, today: date, zone: tzinfo
) -> Absence:
    """Let an absence last longer."""
    absence = _lock(session, absence_id)
    rules.require_longer(until_on=absence.until_on, new_until_on=until_on)
    require_end(from_on=absence.from_on, until_on=until_on, today=today)
    rules.next_status(absence.status, Action.EXTEND)
    more = Days(add_days(absence.until_on, 1), until_on)
    _require_possible(session, absence.staff_id, absence.delegate_id, more)
    absence.until_on = until_on
    _move(session, absence, Action.EXTEND)
    _keep_turn(session, absence, zone)
    return absence


def end_absence(session: Session, *, absence_id: str, today: date) -> Absence:
    """Say that somebody is back, before their last day."""
    absence = _lock(session, absence_id)
    _end(session, absence, today)
    return absence


def cancel_absence(session: Session, *, absence_id: str) -> Absence:
    """Say that somebody will not be away after all."""
    absence = _lock(session, absence_id)
    _move(session, absence, Action.CANCEL)
    drop(session, AbsenceTurns, key=absence_id)
    return absence


def turn_absence(session: Session, *, absence_id: str, today: date, zone: tzinfo) -> None:
    """Begin or end an absence whose day has come."""
    absence = fetch_for_change(session, Absence, absence_id)
    if absence.status == Status.PLANNED and absence.from_on <= today:
        _move(session, absence, Action.BEGIN)
    if absence.status == Status.AWAY and absence.until_on < today:
        _end(session, absence, absence.until_on)
    _keep_turn(session, absence, zone)


def end_absences_of(session: Session, *, staff_id: str, today: date) -> None:
    """Nobody stands in any more for a person who left."""
    mine = select(Absence.absence_id).where(Absence.staff_id == staff_id, Absence.status.in_(OPEN))
    for absence_id in session.scalars(mine.order_by(Absence.absence_id)).all():
        absence = fetch_for_change(session, Absence, absence_id)
        if absence.status == Status.PLANNED:
            _move(session, absence, Action.CANCEL)
            drop(session, AbsenceTurns, key=absence_id)
        else:
            _end(session, absence, today)


def require_stands_in_for_nobody(session: Session, staff: Staff) -> None:
    """Refuse to let a person go who stands in for somebody, now or later. The caller has locked them."""
    standing = select(Absence).where(
        Absence.delegate_id == staff.staff_id, Absence.status.in_(OPEN)
    )
    first = session.scalars(standing.order_by(Absence.from_on, Absence.absence_id).limit(1)).first()
    if first is not None:
        raise Conflict(
            "staff_stands_in",
            f"{staff.name} stands in for somebody from {first.from_on} to {first.until_on}; end or "
            "cancel that and let another stand in first.",
            absence_id=first.absence_id,
        )


def _require_possible(session: Session, staff_id: str, delegate_id: str, days: Days) -> None:
    # Both are locked in one order, so that of two plans each sees the other.
    people = sorted({staff_id, delegate_id})
    session.scalars(
        select(Staff)
        .where(Staff.staff_id.in_(people))
        .order_by(Staff.staff_id)
        .with_for_update(key_share=True)
    ).all()
    require_active(session, staff_id)
    delegate = require_active(session, delegate_id)
    rules.require_no_other(days, _days_of(session, staff_id))
    rules.require_there(delegate.name, days, _days_of(session, delegate_id))


def _days_of(session: Session, staff_id: str) -> list[Days]:
    away = select(Absence).where(Absence.staff_id == staff_id, Absence.status.in_(OPEN))
    return [absence.days for absence in session.scalars(away.order_by(Absence.from_on))]


def _lock(session: Session, absence_id: str) -> Absence:
    require_person(session, fetch(session, Absence, absence_id).staff_id)
    return fetch_for_change(session, Absence, absence_id)


def _end(session: Session, absence: Absence, last: date) -> None:
    absence.status = rules.next_status(absence.status, Action.END)
    absence.until_on = max(absence.from_on, min(last, absence.until_on))
    _announce(session, events.AbsenceEnded, absence)
    drop(session, AbsenceTurns, key=absence.absence_id)


def _move(session: Session, absence: Absence, action: Action) -> None:
    absence.status = rules.next_status(absence.status, action)
    _announce(session, _EVENTS[action], absence)


def _keep_turn(session: Session, absence: Absence, zone: tzinfo) -> None:
    key = absence.absence_id
    if absence.status in OPEN:
        is_planned = absence.status == Status.PLANNED
        day = absence.from_on if is_planned else add_days(absence.until_on, 1)
        at = moment_at(day, TURNS_AT, zone)
        schedule(session, AbsenceTurns, key=key, at=at, absence_id=key)


def _announce(session: Session, event: type[Any], absence: Absence) -> None:
    session.flush()
    announce(session, event, **{name: getattr(absence, name) for name in event._declared_fields})
