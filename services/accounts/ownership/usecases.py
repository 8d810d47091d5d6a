"""What happens to ownership: it begins with the account, passes on, and holds people until it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.refusals import Conflict, Invalid
from services.accounts.absences.usecases import require_stands_in_for_nobody
from services.accounts.ownership import rules
from services.accounts.ownership.models import OwnershipPeriod
from services.accounts.staff.models import Staff


def begin_ownership(
    session: Session, *, account_id: str, staff_id: str, since_on: date, now: datetime, by: str
) -> None:
    """The first owner of a new account."""
    session.add(
        OwnershipPeriod(
            account_id=account_id,
            staff_id=staff_id,
            since_on=since_on,
            changed_by=by,
            changed_at=now,
        )
    )


def pass_on(
    session: Session,
    *,
    account_ids: Sequence[str],
    staff_id: str,
    since_on: date,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Give accounts, which the caller has locked, to their next owner."""
    present = session.scalars(
        select(OwnershipPeriod).where(
            OwnershipPeriod.account_id.in_(account_ids), OwnershipPeriod.until_on.is_(None)
        )
    ).all()
    assert len(present) == len(account_ids), "every account has exactly one owner"
    for period in present:
        rules.require_succession(
            owner_id=period.staff_id,
            since_on=period.since_on,
            new_owner_id=staff_id,
            new_since_on=since_on,
            today=today,
        )
        period.until_on = since_on
    session.flush()  # the old periods end before the new ones begin: one present owner at a time
    session.add_all(
        OwnershipPeriod(
            account_id=period.account_id,
            staff_id=staff_id,
            since_on=since_on,
            reason=reason,
            changed_by=by,
            changed_at=now,
        )
        for period in present
    )


def require_free_to_leave(
    session: Session, *, staff_id: str, left_on: date | None, today: date
) -> Staff:
    """The person, who owns no account, whom nobody reports to, and who stands in for nobody; locked."""
    staff = fetch_for_change(session, Staff, staff_id)
    if not staff.is_active:
        raise Conflict("staff_left", f"{staff.name} left on {staff.left_on} already.")
    if left_on is not None and left_on > today:
        raise Invalid("left_in_future", f"Name {today} or an earlier day.", field="left_on")
    _require_not_needed(session, staff)
    require_stands_in_for_nobody(session, staff)
    return staff


def _require_not_needed(session: Session, staff: Staff) -> None:
    # The table and not the model: accounts that the caller may not see count too.
    period = OwnershipPeriod.__table__.c
    accounts = session.scalar(
        select(func.count(period.position)).where(
            period.staff_id == staff.staff_id, period.until_on.is_(None)
        )
    )
    if accounts:
        raise Conflict(
            "staff_owns_accounts",
            rules.say_owns(staff.name, accounts),
            accounts=accounts,
        )
    reports = session.scalar(
        select(func.count())
        .select_from(Staff)
        .where(Staff.reports_to_id == staff.staff_id, Staff.left_on.is_(None))
    )
    if reports:
        raise Conflict(
            "staff_has_reports",
            rules.say_reports(staff.name, reports),
            reports=reports,
        )
