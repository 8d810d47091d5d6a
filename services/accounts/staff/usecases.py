"""What happens to staff: they join, change, return. Leaving is in `ownership`, which knows their book."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.accounts import events
from services.accounts.staff import rules
from services.accounts.staff.models import Staff


def add_staff(
    session: Session, *, name: str, email: str, role: rules.Role, reports_to_id: str | None
) -> Staff:
    """Take on a person."""
    if reports_to_id is not None:
        require_active(session, reports_to_id)
    staff_id = new_id("stf")
    staff = Staff(
        staff_id=staff_id,
        name=name,
        email=_free_email(session, email, staff_id),
        role=role,
        reports_to_id=reports_to_id,
    )
    session.add(staff)
    _announce(session, events.StaffAdded, staff)
    return staff


def edit_staff(session: Session, *, staff_id: str, **changes: Any) -> Staff:
    """Change what was sent about a person, and nothing else."""
    if changes.get("reports_to_id") is not None:
        _require_no_circle(session, staff_id, changes["reports_to_id"])
    staff = fetch_for_change(session, Staff, staff_id)
    if "email" in changes:
        changes["email"] = _free_email(session, changes["email"], staff_id)
    for name, value in changes.items():
        setattr(staff, name, value)
    if session.is_modified(staff):
        _announce(session, events.StaffChanged, staff)
    return staff


def return_staff(session: Session, *, staff_id: str) -> Staff:
    """Take back a person who had left."""
    staff = fetch_for_change(session, Staff, staff_id)
    if staff.is_active:
        raise Conflict("staff_active", f"{staff.name} works here; there is nothing to return from.")
    if staff.reports_to_id is not None:
        above = hold_staff(session, {staff.reports_to_id})[staff.reports_to_id]
        rules.require_superior_here(staff.name, above.name, left_on=above.left_on)
    staff.left_on = None
    _announce(session, events.StaffReturned, staff)
    return staff


def note_departure(session: Session, staff: Staff, *, left_on: date) -> None:
    """Note that a person works here until that day. The caller has seen that nothing needs them."""
    staff.left_on = left_on
    _announce(session, events.StaffLeft, staff)


def require_active(session: Session, staff_id: str) -> Staff:
    """The person, who works here and cannot leave before this transaction ends."""
    return require_active_of(hold_staff(session, {staff_id}), staff_id)


def hold_staff(session: Session, staff_ids: Collection[str]) -> dict[str, Staff]:
    """Those of these people that there are, by id; none can leave before this transaction ends."""
    which = select(Staff).where(Staff.staff_id.in_(staff_ids)).order_by(Staff.staff_id)
    return {one.staff_id: one for one in session.scalars(which.with_for_update(read=True))}


def require_active_of(held: Mapping[str, Staff], staff_id: str) -> Staff:
    """The person, of those that are held, who works here."""
    staff = held.get(staff_id)
    if staff is None:
        raise NotFound("staff_not_found", f"There is no staff {staff_id}.")
    if not staff.is_active:
        raise Conflict(
            "staff_left", f"{staff.name} left on {staff.left_on}; name somebody who works here."
        )
    return staff


def require_staff(session: Session, staff_ids: Collection[str], *, field: str) -> None:
    """That all of these are people who work here, or did."""
    known = session.scalars(select(Staff.staff_id).where(Staff.staff_id.in_(staff_ids)))
    require_staff_of({*known}, staff_ids, field=field)


def require_staff_of(known: Collection[str], staff_ids: Collection[str], *, field: str) -> None:
    """The same, of those who are known."""
    if unknown := sorted({*staff_ids}.difference(known)):
        raise NotFound("staff_not_found", f"There is no staff {', '.join(unknown)}.", field=field)


def _announce(session: Session, event: type[Any], staff: Staff) -> None:
    """Announce what happened to a person, with the whole of it and their version after the change."""
    session.flush()
    announce(session, event, **{name: getattr(staff, name) for name in event._declared_fields})


def _free_email(session: Session, email: str, staff_id: str) -> str:
    email = email.lower()
    taken = session.scalars(
        select(Staff).where(Staff.email == email, Staff.staff_id != staff_id)
    ).one_or_none()
    if taken is not None:
        raise Conflict(
            "duplicate_email",
            f"{email} belongs to {taken.name} ({taken.staff_id}); use another address.",
            field="email",
            staff_id=taken.staff_id,
        )
    return email


def _require_no_circle(session: Session, staff_id: str, reports_to_id: str) -> None:
    # Two changes, each harmless alone, could close a circle together: one at a time.
    session.execute(text("LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE"))
    require_active(session, reports_to_id)
    lines = session.execute(select(Staff.staff_id, Staff.reports_to_id))
    superiors = dict(lines.all())
    rules.require_no_circle(staff_id, reports_to_id, superiors)
