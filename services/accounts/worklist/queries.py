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

from chassis.database import SEEN_TYPES, Planned, ask_seen, fetch, fetch_only, seen
from kernel.money import Money
from kernel.working_time import WorkingTime
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Channel, ContactRole, Tier, read_consent
from services.accounts.calendars.rules import client_hours
from services.accounts.staff.models import Staff
from services.accounts.worklist import rules
from services.accounts.worklist.models import (
    ReasonWeight,
    WorklistItem,
    WorklistOutcome,
    WorklistReason,
    is_wanted,
)
from services.accounts.worklist.rules import Candidate, ItemStatus, Person, Ranked, Reason

SETTLED_MAX = 100  # shown of what ended by itself that day

Day = date | ColumnElement[date]

DUE = """is_standing AND (rests_until IS NULL OR rests_until <= :as_of)
    AND (earliest_on IS NULL OR earliest_on <= :as_of)
    AND (snoozed_until IS NULL OR snoozed_until <= :as_of)"""
"""Whether a reason is wanted on the day and not snoozed: then it is shown."""


def _write_rows(numbers: Mapping[Any, int]) -> str:
    return ", ".join(f"('{name}', {number})" for name, number in numbers.items())


_ITEM = "account_id, owner_id, opened_on, snoozed_until, tier"
_REASON = "account_id, kind, since_on, currency, amount"

# As `rules.rank` does, in the database and from indexes alone, in which all that is an owner's lies
# together. `book` are their open items, `told` the reasons; `others` are accounts they are told of.
RANKED = f"""
    others AS MATERIALIZED (
        SELECT DISTINCT account_id FROM worklist_reason
        WHERE to_staff_id = ANY(:owners) AND owner_id <> ALL(:owners) AND {DUE}
    ), book AS MATERIALIZED (
        SELECT item.*, coalesce(tier_points, 0) AS tier_points
        FROM (
            SELECT {_ITEM} FROM worklist_item WHERE owner_id = ANY(:owners) AND status = 'open'
            UNION ALL
            SELECT {_ITEM} FROM others JOIN worklist_item USING (account_id) WHERE status = 'open'
        ) AS item
        LEFT JOIN (VALUES {_write_rows(rules.TIER_POINTS)}) AS usual (tier, tier_points) USING (tier)
        WHERE {seen("item.account_id", owner_id="item.owner_id")}
    ), told AS MATERIALIZED (
        SELECT reason.*, CAST(coalesce(reason_weight.points, usual.points, {rules.OTHER_POINTS})
               + least(greatest(:as_of - since_on, 0), {rules.WAITING_POINTS_MAX})
               + CASE WHEN whole > 0 THEN least({rules.DIGIT_POINTS} * length(CAST(whole AS text)),
                                                {rules.AMOUNT_POINTS_MAX}) ELSE 0 END AS int) AS points
        FROM (
            SELECT listed.*, abs(amount) / coalesce(units, 100) AS whole
            FROM (
                SELECT {_REASON} FROM worklist_reason WHERE owner_id = ANY(:owners) AND {DUE}
                UNION ALL
                SELECT {_REASON} FROM others JOIN worklist_reason USING (account_id) WHERE {DUE}
            ) AS listed
            LEFT JOIN (VALUES {_write_rows(rules.MINOR_UNITS)}) AS rare (currency, units) USING (currency)
        ) AS reason
        LEFT JOIN reason_weight USING (kind)
        LEFT JOIN (VALUES {_write_rows(rules.POINTS)}) AS usual (kind, points) USING (kind)
    ), ranked AS (
        SELECT account_id, count(*) OVER () AS total, row_number() OVER (
            ORDER BY sum(points) + tier_points DESC, min(since_on), account_id COLLATE "C") AS place
        FROM book JOIN told USING (account_id)
        WHERE snoozed_until IS NULL OR snoozed_until <= :as_of
        GROUP BY account_id, tier_points
    )
"""  # noqa: S608
RANKED_TYPES: Mapping[str, str] = {"owners": "text[]", "as_of": "date", **SEEN_TYPES}

_PLACES = Planned(
    f"""
    WITH {RANKED} SELECT account_id, total, place FROM ranked
    WHERE place <= :most OR account_id = :account_id ORDER BY place
    """,  # noqa: S608
    **RANKED_TYPES,
    most="bigint",
    account_id="text",
)

# What a line shows of an account.
_LINES = Planned(
    f"""
    SELECT account_id, worklist_item_id, item.version, item.opened_on, number, name,
           account.owner_id, account.tier,
           country, time_zone, opening_hours, email, preferred_channel, consents,
           (SELECT json_object_agg(kind, points) FROM reason_weight) AS weights,
           (SELECT json_agg(one) FROM (
                SELECT kind, about, since_on, amount, currency, oldest_due_date, sentence, roles,
                       channel, earliest_at
                FROM worklist_reason WHERE account_id = account.account_id AND {DUE}
               ) AS one) AS reasons,
           (SELECT json_agg(json_build_array(contact_id, name, roles, email, phone)) FROM contact
            WHERE contact.account_id = account.account_id AND valid_from <= :as_of
              AND (valid_to IS NULL OR valid_to >= :as_of)) AS people
    FROM unnest(:account_ids) AS wanted (account_id)
    JOIN account USING (account_id)
    JOIN worklist_item AS item USING (account_id)
    WHERE item.status = 'open'
    """,  # noqa: S608
    account_ids="text[]",
    as_of="date",
)

_SETTLED = Planned(
    f"""
    SELECT account_id, number, name, kind, about, amount, reason.currency, sentence
    FROM worklist_reason AS reason JOIN account USING (account_id)
    WHERE NOT is_standing AND settled_on = :as_of
      AND (account.owner_id = ANY(:owners) OR to_staff_id = ANY(:owners))
      AND {seen("reason.account_id")}
    ORDER BY name_key, account_id, kind, about LIMIT {SETTLED_MAX}
    """,  # noqa: S608
    **RANKED_TYPES,
)


def get_worklist(
    session: Session, *, staff_id: str, as_of: date, moment: datetime, limit: int
) -> dict[str, Any]:
    """A person's worklist on a day, read at a moment, most urgent first: one row per account they own
    now, or of which they are told; and the reasons of that day whose cause ended by itself."""
    fetch_only(session, Staff, staff_id)
    places = find_places(session, [staff_id], as_of, most=limit)
    return {
        "items": show_lines(session, [one.account_id for one in places], as_of, moment),
        "total": places[0].total if places else 0,
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


_told = WorklistReason
_OF_REASON = (
    *(_told.account_id, _told.kind, _told.about, _told.since_on, _told.amount, _told.currency),
    *(_told.oldest_due_date, _told.sentence, _told.roles, _told.channel, _told.earliest_at),
    *(_told.earliest_on, _told.rests_until, _told.snoozed_until),
)


def read_reasons(
    session: Session, *, account_ids: Collection[str], which: ColumnElement[bool]
) -> dict[str, list[Reason]]:
    """The reasons of accounts, of those that are meant."""
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in session.execute(
        select(*_OF_REASON).where(WorklistReason.account_id.in_(account_ids), which)
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


def find_places(
    session: Session,
    owners: Sequence[str],
    as_of: date,
    *,
    most: int,
    account_id: str | None = None,
) -> Sequence[Any]:
    """The accounts that come first on the lists of these people together, the most urgent first, and one
    that is named if it is on them: each with its `place`, from 1, and the `total` of the lists."""
    asked = {"owners": [*owners], "as_of": as_of, "most": most, "account_id": account_id}
    return ask_seen(session, _PLACES, asked)


def _settled(session: Session, owners: Sequence[str], as_of: date) -> list[dict[str, Any]]:
    return [
        {
            "account_id": row.account_id,
            "account_number": row.number,
            "account_name": row.name,
            "kind": row.kind,
            "about": row.about,
            "amount": as_money(row.amount, row.currency),
            "sentence": row.sentence,
        }
        for row in ask_seen(session, _SETTLED, {"owners": [*owners], "as_of": as_of})
    ]


def _weights(session: Session) -> dict[str, int]:
    said = session.execute(select(ReasonWeight.kind, ReasonWeight.points))
    return {**rules.POINTS, **{row.kind: row.points for row in said}}


def as_money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def show_lines(
    session: Session, account_ids: Sequence[str], as_of: date, moment: datetime
) -> list[dict[str, Any]]:
    """What is to be done with each of these accounts, the most urgent first."""
    if not account_ids:
        return []
    rows = _LINES.read(session, account_ids=[*account_ids], as_of=as_of)
    candidates = [
        Candidate(row.account_id, Tier(row.tier), tuple(map(reason_of, row.reasons)))
        for row in rows
    ]
    ranked = rules.rank(candidates, as_of, {**rules.POINTS, **(rows[0].weights or {})})
    of_account = {row.account_id: row for row in rows}
    return [_line(of_account[one.candidate.account_id], one, moment) for one in ranked]


def reason_of(told: Mapping[str, Any]) -> Reason:
    """A reason from how a statement tells it in JSON, with what it tells."""
    oldest, earliest = told["oldest_due_date"], told.get("earliest_at")
    return Reason(
        kind=told["kind"],
        about=told["about"],
        since_on=date.fromisoformat(told["since_on"]),
        amount=as_money(told["amount"], told["currency"]),
        oldest_due_date=oldest and date.fromisoformat(oldest),
        sentence=told["sentence"],
        roles=tuple(told.get("roles") or ()),
        channel=told.get("channel"),
        earliest_at=earliest and datetime.fromisoformat(earliest),
    )


def _person(told: Sequence[Any]) -> Person:
    contact_id, name, roles, email, phone = told
    return Person(contact_id, name, frozenset(map(ContactRole, roles)), email, phone)


def _line(row: Row[Any], ranked: Ranked, moment: datetime) -> dict[str, Any]:
    reasons = ranked.candidate.reasons
    people = [_person(one) for one in row.people or ()]
    hours = client_hours(row.country, row.time_zone, row.opening_hours)
    ways = [_way(one, row, people, moment, hours) for one in reasons]
    opens, closes = rules.contact_hours(reasons, moment, hours)
    return {
        "worklist_item_id": row.worklist_item_id,
        "version": row.version,
        "account_id": row.account_id,
        "account_number": row.number,
        "account_name": row.name,
        "owner_id": row.owner_id,
        "time_zone": row.time_zone,
        "score": ranked.score,
        "parts": ranked.parts,
        "at_stake": rules.at_stake(reasons),
        "reasons": [{**tell_reason(one), **way} for one, way in zip(reasons, ways, strict=True)],
        **ways[0],
        "contact_from": opens,
        "contact_until": closes,
        "opened_on": row.opened_on,
    }


def tell_reason(reason: Reason) -> dict[str, Any]:
    facts = {name: getattr(reason, name) for name in ("kind", "about", "since_on", "amount")}
    return facts | {"sentence": rules.explain(reason)}


def _way(
    reason: Reason,
    account: Row[Any],
    people: Sequence[Person],
    moment: datetime,
    hours: WorkingTime,
) -> dict[str, Any]:
    """Whom to speak to about a reason, how, and when."""
    person = rules.choose_contact(people, reason)
    wanted = rules.wanted_channel(reason, Channel(account.preferred_channel))
    closed = rules.closed_channels(reason.kind, map(read_consent, account.consents))
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
