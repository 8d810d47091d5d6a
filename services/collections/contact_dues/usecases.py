"""Telling the worklist whom to contact about overdue money, when that changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, literal_column, select, union
from sqlalchemy.orm import Session

from chassis.bulk import each_apart, keep_newest
from chassis.database import Planned
from chassis.outbox import announce
from kernel.money import Money
from services.collections import events
from services.collections.accounts.usecases import lock_accounts
from services.collections.contact_dues.models import ContactDue
from services.collections.contact_dues.rules import (
    OVERDUE,
    ROLES,
    Overdue,
    overdue_by_account,
    say_overdue,
)
from services.collections.dunning.queries import read_open_items
from services.collections.dunning.rules import claims
from services.collections.parked.rules import Job
from services.collections.parked.usecases import park_accounts
from services.collections.receivables.models import Receivable
from services.collections.receivables.rules import ItemStatus

_CONCERNED = Planned.of(
    union(
        select(Receivable.account_id).where(
            Receivable.status == ItemStatus.OPEN,
            Receivable.due_date < literal_column(":today", Date),
        ),
        select(ContactDue.account_id).where(ContactDue.is_due),
    ),
    today="date",
)
"""Accounts with something overdue, and those of which that is said."""


def review_all_contacts(session: Session, *, today: date) -> None:
    """Whom to contact as of today, over all accounts."""
    errors = each_apart(
        session,
        sorted(row.account_id for row in _CONCERNED.read(session, today=today)),
        lambda some: review_contacts(session, account_ids=some, today=today),
    )
    park_accounts(session, job=Job.REVIEW_CONTACTS, day=today, errors=errors)


def review_contacts(session: Session, *, account_ids: Collection[str], today: date) -> None:
    """Whether these accounts are to be contacted, and about how much."""
    lock_accounts(session, account_ids=account_ids)
    items = read_open_items(session, on=today, account_ids=account_ids)
    known = session.scalars(select(ContactDue).where(ContactDue.account_id.in_(account_ids)))
    _tell(session, known.all(), overdue_by_account(claims(items), on=today), today)


def _tell(
    session: Session,
    known: Sequence[ContactDue],
    overdue: dict[tuple[str, str], Overdue],
    today: date,
) -> None:
    told = {(row.account_id, row.currency): row for row in known}
    changes = [
        _due(key, found, told.get(key), today)
        for key, found in overdue.items()
        if not _is_told(told.get(key), found)
    ]
    changes += [_settled(row) for key, row in told.items() if row.is_due and key not in overdue]
    keep_newest(session, ContactDue, changes)
    for change in changes:
        _announce(session, change)


def _is_told(row: ContactDue | None, found: Overdue) -> bool:
    return (
        row is not None
        and row.is_due
        and (row.amount, row.oldest_due_date) == (found.amount, found.oldest_due_date)
    )


def _due(
    key: tuple[str, str], found: Overdue, row: ContactDue | None, today: date
) -> dict[str, Any]:
    account_id, currency = key
    return {
        "account_id": account_id,
        "currency": currency,
        "reason": OVERDUE,
        "version": row.version + 1 if row else 1,
        "is_due": True,
        "amount": found.amount,
        "oldest_due_date": found.oldest_due_date,
        "since": row.since if row and row.is_due else today,
    }


def _settled(row: ContactDue) -> dict[str, Any]:
    return {
        "account_id": row.account_id,
        "currency": row.currency,
        "reason": row.reason,
        "version": row.version + 1,
        "is_due": False,
        "amount": 0,
        "oldest_due_date": row.oldest_due_date,
        "since": row.since,
    }


def _announce(session: Session, change: dict[str, Any]) -> None:
    of_reason = {name: change[name] for name in ("account_id", "currency", "reason", "version")}
    of_reason["about"] = change["currency"]
    if not change["is_due"]:
        announce(session, events.ContactSettled, **of_reason)
        return
    amount, oldest = Money(change["amount"], change["currency"]), change["oldest_due_date"]
    announce(
        session,
        events.ContactDue,
        **of_reason,
        since=change["since"],
        amount=change["amount"],
        oldest_due_date=oldest,
        sentence=say_overdue(amount, oldest_due_date=oldest),
        roles=ROLES,
        channel=None,
        earliest=None,
    )
