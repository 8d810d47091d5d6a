"""Taking what billing says, and drawing at once the conclusions that cannot wait for the daily jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.bulk import Rows
from services.collections.accounts.usecases import keep_balances, lock_accounts
from services.collections.contact_dues.usecases import review_contacts
from services.collections.credit_holds.usecases import review_credit_holds
from services.collections.intake import queries
from services.collections.placements.usecases import cure_placements
from services.collections.receivables.usecases import keep_introduced_items, keep_items


def settle_items(session: Session, changes: Rows, *, today: date, now: datetime, by: str) -> None:
    """Less is owed: contacts, credit holds and placements that this settles are settled."""
    changed = _take_items(session, changes)
    standing = queries.find_standing(session, account_ids=changed)
    _review(session, account_ids=standing, today=today, now=now, by=by)


def reopen_items(session: Session, changes: Rows, *, today: date, now: datetime, by: str) -> None:
    """More is owed again, or more or less of it may be asked for: what was settled too early stands
    again, and what is not to be asked for any more is settled."""
    changed = _take_items(session, changes)
    _review(session, account_ids=sorted(changed), today=today, now=now, by=by)


def move_items(session: Session, changes: Rows, *, today: date, now: datetime, by: str) -> None:
    """Items are due on other days, in other parts, some new: what was overdue may be so no more."""
    rows = [
        {"account_id": change["account_id"], "issued_on": change["issued_on"], **item}
        for change in changes
        for item in change["items"]
    ]
    take_introduced_items(session, rows, today=today, now=now, by=by)


def take_introduced_items(
    session: Session, items: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Items are as billing tells, whatever we thought: what follows from that is looked at anew."""
    lock_accounts(session, account_ids={one["account_id"] for one in items})
    changed = keep_introduced_items(session, items)
    _review(session, account_ids=sorted(changed), today=today, now=now, by=by)


def take_balances(
    session: Session, snapshots: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Unapplied credit counts as paid: it settles as well."""
    lock_accounts(session, account_ids={one["account_id"] for one in snapshots})
    changed = keep_balances(session, snapshots)
    standing = queries.find_standing(session, account_ids=changed)
    _review(session, account_ids=standing, today=today, now=now, by=by)


def _take_items(session: Session, changes: Rows) -> set[str]:
    """The accounts of which it was news."""
    lock_accounts(session, account_ids={one["account_id"] for one in changes})
    return keep_items(session, changes)


def _review(
    session: Session, *, account_ids: Sequence[str], today: date, now: datetime, by: str
) -> None:
    if not account_ids:
        return
    review_contacts(session, account_ids=account_ids, today=today)
    review_credit_holds(session, account_ids=account_ids, today=today, now=now)
    for account_id in account_ids:
        cure_placements(session, account_id=account_id, now=now, by=by)
