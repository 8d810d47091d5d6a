"""Reads of worklists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from chassis.database import fetch
from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status
from services.accounts.balances.models import AccountBalance
from services.accounts.contacts.models import Contact
from services.accounts.contacts.queries import is_valid_on
from services.accounts.onboarding.models import ChecklistItem
from services.accounts.staff.models import Staff
from services.accounts.worklist import rules
from services.accounts.worklist.models import WorklistItem, WorklistReason, is_due
from services.accounts.worklist.rules import Candidate, ItemStatus, Person, Ranked, Reason

ITEMS_MAX = 5000  # considered for one person's list

Day = date | BindParameter[date]


def get_worklist(
    session: Session, *, staff_id: str, as_of: date, moment: datetime, limit: int
) -> dict[str, Any]:
    """A person's worklist on a day, read at a moment, most urgent first: one row per account they own
    now."""
    fetch(session, Staff, staff_id)
    rows = {row.Account.account_id: row for row in _items(session, staff_id, as_of)}
    reasons = _reasons(session, rows.keys(), as_of)
    candidates = [
        Candidate(account_id, rows[account_id].Account.tier, tuple(reasons[account_id]))
        for account_id in reasons
    ]
    ranked = rules.rank(candidates, as_of)
    people = _people(session, [one.candidate.account_id for one in ranked[:limit]], as_of)
    return {
        "items": [
            _line(rows[one.candidate.account_id], one, people, moment) for one in ranked[:limit]
        ],
        "total": len(ranked),
    }


def get_worklist_item(session: Session, *, worklist_item_id: str) -> WorklistItem:
    """One item of a worklist."""
    return fetch(session, WorklistItem, worklist_item_id)


def is_anything_to_review(session: Session, *, today: date) -> bool:
    """Whether the daily review finds anything that it might change: on most days, nothing."""
    return bool(session.scalar(_TO_REVIEW, {"today": today}))


def doubtful_onboardings(today: Day) -> Select[Any]:
    """Accounts that are stuck in onboarding, or stand there as such."""
    is_said_to_be = and_(WorklistReason.kind == rules.ONBOARDING_STUCK, WorklistReason.is_standing)
    said = select(WorklistReason.account_id).where(is_said_to_be)
    stuck = stuck_accounts(today).subquery()
    return select(union(said, select(stuck.c.account_id)).subquery().c.account_id)


def stuck_accounts(today: Day) -> Any:
    """Accounts too long in onboarding with an incomplete checklist, as reasons of the worklist."""
    item = ChecklistItem
    is_unsettled = and_(
        item.account_id == Account.account_id,
        item.waived_at.is_(None),
        or_(item.completed_at.is_(None), item.expires_on < today),
    )
    return select(
        Account.account_id,
        literal(rules.ONBOARDING_STUCK).label("kind"),
        literal("").label("about"),
        literal(0).label("version"),
        literal(value=True).label("is_standing"),
        Account.status_since_on.label("since_on"),
    ).where(
        Account.status == Status.ONBOARDING,
        Account.status_since_on < today - timedelta(days=rules.ONBOARDING_DAYS_MAX),
        exists().where(is_unsettled),
    )


OVERLOOKED = (
    select(AccountBalance.account_id)
    .join(Account, Account.account_id == AccountBalance.account_id)
    .where(
        Account.status == Status.CLOSED,
        or_(AccountBalance.open != 0, AccountBalance.unapplied != 0),
        ~exists().where(
            WorklistReason.account_id == AccountBalance.account_id,
            WorklistReason.kind == rules.CLOSED_UNSETTLED,
            WorklistReason.about == AccountBalance.currency,
            WorklistReason.is_standing,
        ),
    )
    .distinct()
)
"""Closed accounts with money left of which nothing is said yet."""


def unlisted(today: Day) -> Select[Any]:
    """Accounts with a reason that is due and no open item."""
    is_listed = exists().where(
        WorklistItem.account_id == WorklistReason.account_id,
        WorklistItem.status == ItemStatus.OPEN,
    )
    return select(WorklistReason.account_id).where(is_due(today), ~is_listed).distinct()


def listed_in_vain(today: Day) -> Select[Any]:
    """Accounts with an open item and no reason that is due."""
    return select(WorklistItem.account_id).where(is_over(today))


def is_over(today: Day) -> ColumnElement[bool]:
    """Whether an item is open although no reason is due."""
    return and_(
        WorklistItem.status == ItemStatus.OPEN,
        WorklistItem.account_id.not_in(select(WorklistReason.account_id).where(is_due(today))),
    )


_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_TO_REVIEW = select(
    or_(
        doubtful_onboardings(_TODAY).exists(),
        OVERLOOKED.exists(),
        unlisted(_TODAY).exists(),
        listed_in_vain(_TODAY).exists(),
    )
)


def items_to_keep(account_ids: Collection[str], today: date) -> Any:
    """Of each account whether a reason is due, and its open item."""
    is_its_own = and_(
        WorklistItem.account_id == Account.account_id, WorklistItem.status == ItemStatus.OPEN
    )
    due = exists().where(WorklistReason.account_id == Account.account_id, is_due(today))
    return (
        select(
            Account.account_id,
            due.label("is_due"),
            WorklistItem.worklist_item_id,
            WorklistItem.snoozed_until,
        )
        .outerjoin(WorklistItem, is_its_own)
        .where(Account.account_id.in_(account_ids))
    )


def _items(session: Session, staff_id: str, as_of: date) -> Sequence[Any]:
    snoozed_until = WorklistItem.snoozed_until
    return session.execute(
        select(WorklistItem, Account)
        .join(Account, Account.account_id == WorklistItem.account_id)
        .where(
            Account.owner_id == staff_id,
            WorklistItem.status == ItemStatus.OPEN,
            or_(snoozed_until.is_(None), snoozed_until <= as_of),
        )
        .order_by(WorklistItem.worklist_item_id)
        .limit(ITEMS_MAX)
    ).all()


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _reasons(
    session: Session, account_ids: Collection[str], as_of: date
) -> dict[str, list[Reason]]:
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in session.scalars(
        select(WorklistReason).where(WorklistReason.account_id.in_(account_ids), is_due(as_of))
    ):
        reasons[row.account_id].append(
            Reason(
                kind=row.kind,
                about=row.about,
                since_on=row.since_on,
                amount=_money(row.amount, row.currency),
                oldest_due_date=row.oldest_due_date,
                detail=row.detail,
                sentence=row.sentence,
                roles=tuple(row.roles or ()),
                channel=row.channel,
                earliest_at=row.earliest_at,
            )
        )
    return reasons


def _people(session: Session, account_ids: Collection[str], as_of: date) -> dict[str, list[Person]]:
    people: dict[str, list[Person]] = defaultdict(list)
    for contact in session.scalars(
        select(Contact).where(Contact.account_id.in_(account_ids), is_valid_on(as_of))
    ):
        people[contact.account_id].append(
            Person(
                contact.contact_id,
                contact.name,
                frozenset(contact.roles),
                contact.email,
                contact.phone,
            )
        )
    return people


def _line(
    row: Row[Any], ranked: Ranked, people: dict[str, list[Person]], moment: datetime
) -> dict[str, Any]:
    item, account = row.WorklistItem, row.Account
    reasons = ranked.candidate.reasons
    person = rules.choose_contact(people.get(account.account_id, []), reasons[0])
    channel = rules.wanted_channel(reasons[0], account.preferred_channel)
    channel, number = rules.how_to_reach(channel, person, account.email)
    opens, closes = rules.contact_hours(reasons, moment, account.time_zone)
    return {
        "worklist_item_id": item.worklist_item_id,
        "version": item.version,
        "account_id": account.account_id,
        "account_number": account.number,
        "account_name": account.name,
        "score": ranked.score,
        "parts": ranked.parts,
        "reasons": [
            {"kind": one.kind, "since_on": one.since_on, "amount": one.amount}
            | {"sentence": rules.explain(one)}
            for one in reasons
        ],
        "contact": person,
        "channel": channel,
        "number": number,
        "contact_from": opens,
        "contact_until": closes,
        "opened_on": item.opened_on,
    }
