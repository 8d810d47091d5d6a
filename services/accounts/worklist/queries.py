"""Reads of worklists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    exists,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from chassis.database import Planned, fetch
from kernel.money import Money
from kernel.working_time import WorkingTime
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Channel
from services.accounts.calendars.rules import client_hours
from services.accounts.contacts.models import Contact
from services.accounts.contacts.queries import is_valid_on
from services.accounts.staff.models import Staff
from services.accounts.worklist import rules
from services.accounts.worklist.models import (
    ReasonWeight,
    WorklistItem,
    WorklistOutcome,
    WorklistReason,
    is_due,
    is_wanted,
)
from services.accounts.worklist.rules import Candidate, ItemStatus, Person, Ranked, Reason

ITEMS_MAX = 5000  # considered for a list, those that are open longest
SETTLED_MAX = 100  # shown of what ended by itself that day

Day = date | ColumnElement[date]


def get_worklist(
    session: Session, *, staff_id: str, as_of: date, moment: datetime, limit: int
) -> dict[str, Any]:
    """A person's worklist on a day, read at a moment, most urgent first: one row per account they own
    now, or of which they are told; and the reasons of that day whose cause ended by itself."""
    fetch(session, Staff, staff_id)
    ranked, items = rank_items(session, [staff_id], as_of)
    lines = show_lines(session, ranked[:limit], items, as_of, moment)
    return {
        "items": lines,
        "total": len(ranked),
        "settled": _settled(session, [staff_id], as_of),
    }


def get_worklist_item(session: Session, *, worklist_item_id: str) -> dict[str, Any]:
    """One item of a worklist and what came of it."""
    return with_outcomes(session, fetch(session, WorklistItem, worklist_item_id))


def with_outcomes(session: Session, item: WorklistItem) -> dict[str, Any]:
    """An item and what came of each reason, in the order in which it was said."""
    outcome = WorklistOutcome
    outcomes = session.scalars(
        select(outcome)
        .where(outcome.worklist_item_id == item.worklist_item_id)
        .order_by(outcome.done_at, outcome.worklist_outcome_id)
    ).all()
    columns = {column.key: getattr(item, column.key) for column in WorklistItem.__table__.columns}
    return columns | {"outcomes": outcomes}


def list_weights(session: Session) -> dict[str, Any]:
    """The points of each kind of reason: those that somebody set, and those that are ours."""
    weights = _weights(session)
    return {
        "items": [
            {"kind": kind, "points": points, "is_default": rules.POINTS.get(kind) == points}
            for kind, points in sorted(weights.items())
        ],
        "others": rules.OTHER_POINTS,
    }


def is_anything_to_review(session: Session, *, today: date) -> bool:
    """Whether the daily review finds anything that it might change: on most days, nothing."""
    [row] = _TO_REVIEW.read(session, today=today)
    return bool(row.is_anything)


def unlisted(today: Day) -> Select[Any]:
    """Accounts with a reason that is wanted and no open item."""
    is_listed = exists().where(
        WorklistItem.account_id == WorklistReason.account_id,
        WorklistItem.status == ItemStatus.OPEN,
    )
    return select(WorklistReason.account_id).where(is_wanted(today), ~is_listed).distinct()


def listed_in_vain(today: Day) -> Select[Any]:
    """Accounts with an open item and no reason that is wanted."""
    return select(WorklistItem.account_id).where(is_over(today))


def is_over(today: Day) -> ColumnElement[bool]:
    """Whether an item is open although no reason is wanted."""
    return and_(
        WorklistItem.status == ItemStatus.OPEN,
        WorklistItem.account_id.not_in(select(WorklistReason.account_id).where(is_wanted(today))),
    )


_TODAY = literal_column(":today", Date)
_IS_ANYTHING = or_(unlisted(_TODAY).exists(), listed_in_vain(_TODAY).exists())
_TO_REVIEW = Planned.of(select(_IS_ANYTHING.label("is_anything")), today="date")


def items_to_keep(account_ids: Collection[str], today: date) -> Any:
    """Of each account whether a reason is wanted, and its open item."""
    is_its_own = and_(
        WorklistItem.account_id == Account.account_id, WorklistItem.status == ItemStatus.OPEN
    )
    wanted = exists().where(WorklistReason.account_id == Account.account_id, is_wanted(today))
    return (
        select(
            Account.account_id,
            wanted.label("is_wanted"),
            WorklistItem.worklist_item_id,
            WorklistItem.snoozed_until,
        )
        .outerjoin(WorklistItem, is_its_own)
        .where(Account.account_id.in_(account_ids))
    )


def read_reasons(
    session: Session, *, account_ids: Collection[str], which: ColumnElement[bool]
) -> dict[str, list[Reason]]:
    """The reasons of accounts, of those that are meant."""
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in session.scalars(
        select(WorklistReason).where(WorklistReason.account_id.in_(account_ids), which)
    ):
        reasons[row.account_id].append(
            Reason(
                kind=row.kind,
                about=row.about,
                since_on=row.since_on,
                amount=as_money(row.amount, row.currency),
                oldest_due_date=row.oldest_due_date,
                sentence=row.sentence,
                roles=tuple(row.roles or ()),
                channel=row.channel,
                earliest_at=row.earliest_at,
                earliest_on=row.earliest_on,
                rests_until=row.rests_until,
                snoozed_until=row.snoozed_until,
            )
        )
    return reasons


def rank_items(
    session: Session, owners: Sequence[str], as_of: date
) -> tuple[list[Ranked], dict[str, Row[Any]]]:
    """What these people are to do, most urgent first, and the items by account."""
    items = {row.Account.account_id: row for row in _items(session, owners, as_of)}
    reasons = read_reasons(session, account_ids=items.keys(), which=is_due(as_of))
    candidates = [
        Candidate(account_id, items[account_id].Account.tier, tuple(reasons[account_id]))
        for account_id in reasons
    ]
    return rules.rank(candidates, as_of, _weights(session)), items


def _items(session: Session, owners: Sequence[str], as_of: date) -> Sequence[Any]:
    snoozed_until = WorklistItem.snoozed_until
    told = select(WorklistReason.account_id).where(
        WorklistReason.to_staff_id.in_(owners), is_due(as_of)
    )
    return session.execute(
        select(WorklistItem, Account)
        .join(Account, Account.account_id == WorklistItem.account_id)
        .where(
            or_(Account.owner_id.in_(owners), Account.account_id.in_(told)),
            WorklistItem.status == ItemStatus.OPEN,
            or_(snoozed_until.is_(None), snoozed_until <= as_of),
        )
        .order_by(WorklistItem.worklist_item_id)
        .limit(ITEMS_MAX)
    ).all()


def _settled(session: Session, owners: Sequence[str], as_of: date) -> list[dict[str, Any]]:
    reason = WorklistReason
    ended = session.execute(
        select(reason, Account.number, Account.name)
        .join(Account, Account.account_id == reason.account_id)
        .where(~reason.is_standing, reason.settled_on == as_of)
        .where(or_(Account.owner_id.in_(owners), reason.to_staff_id.in_(owners)))
        .order_by(Account.name_key, reason.account_id, reason.kind, reason.about)
        .limit(SETTLED_MAX)
    )
    return [
        {
            "account_id": row.WorklistReason.account_id,
            "account_number": row.number,
            "account_name": row.name,
            "kind": row.WorklistReason.kind,
            "about": row.WorklistReason.about,
            "amount": as_money(row.WorklistReason.amount, row.WorklistReason.currency),
            "sentence": row.WorklistReason.sentence,
        }
        for row in ended
    ]


def _weights(session: Session) -> dict[str, int]:
    said = session.execute(select(ReasonWeight.kind, ReasonWeight.points))
    return {**rules.POINTS, **{row.kind: row.points for row in said}}


def as_money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


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


def show_lines(
    session: Session,
    ranked: Sequence[Ranked],
    items: Mapping[str, Row[Any]],
    as_of: date,
    moment: datetime,
) -> list[dict[str, Any]]:
    people = _people(session, [one.candidate.account_id for one in ranked], as_of)
    return [
        _line(items[account_id], one, people.get(account_id, []), moment)
        for one in ranked
        for account_id in [one.candidate.account_id]
    ]


def _line(
    row: Row[Any], ranked: Ranked, people: Sequence[Person], moment: datetime
) -> dict[str, Any]:
    item, account = row.WorklistItem, row.Account
    reasons = ranked.candidate.reasons
    hours = client_hours(account.country, account.time_zone, account.opening_hours)
    ways = [_way(one, account, people, moment, hours) for one in reasons]
    opens, closes = rules.contact_hours(reasons, moment, hours)
    return {
        "worklist_item_id": item.worklist_item_id,
        "version": item.version,
        "account_id": account.account_id,
        "account_number": account.number,
        "account_name": account.name,
        "owner_id": account.owner_id,
        "time_zone": account.time_zone,
        "score": ranked.score,
        "parts": ranked.parts,
        "at_stake": rules.at_stake(reasons),
        "reasons": [{**tell_reason(one), **way} for one, way in zip(reasons, ways, strict=True)],
        **ways[0],
        "contact_from": opens,
        "contact_until": closes,
        "opened_on": item.opened_on,
    }


def tell_reason(reason: Reason) -> dict[str, Any]:
    facts = {name: getattr(reason, name) for name in ("kind", "about", "since_on", "amount")}
    return facts | {"sentence": rules.explain(reason)}


def _way(
    reason: Reason,
    account: Account,
    people: Sequence[Person],
    moment: datetime,
    hours: WorkingTime,
) -> dict[str, Any]:
    """Whom to speak to about a reason, how, and when."""
    person = rules.choose_contact(people, reason)
    wanted = rules.wanted_channel(reason, account.preferred_channel)
    closed = rules.closed_channels(reason.kind, account.consents)
    channel, number = rules.how_to_reach(wanted, person, account.email, closed)
    opens, closes = rules.contact_hours([reason], moment, hours)
    return {
        "contact": person,
        "channel": channel or Channel.POST,  # released as never null
        "has_channel": channel is not None,
        "number": number,
        "channel_note": rules.say_closed(wanted, channel, closed),
        "contact_from": opens,
        "contact_until": closes,
    }
