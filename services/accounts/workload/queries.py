"""Reads of workloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import Row, and_, false, func, select
from sqlalchemy.orm import Session

from chassis.database import Planned, ask_seen, fetch, seen
from kernel.calendar import add_days, moment_at
from services.accounts.accounts.models import Account
from services.accounts.staff.models import Staff
from services.accounts.worklist.models import WorklistItem, WorklistReason
from services.accounts.worklist.queries import (
    RANKED,
    RANKED_TYPES,
    as_money,
    find_places,
    read_reasons,
    show_lines,
    tell_reason,
)
from services.accounts.worklist.rules import ItemStatus
from services.accounts.workload import rules

_TEAM = Planned(
    f"""
    WITH {RANKED}, open AS (
        SELECT owner_id, count(*) AS open, min(opened_on) AS oldest_opened_on,
               count(*) FILTER (WHERE snoozed_until > :as_of) AS snoozed
        FROM book GROUP BY owner_id
    ), closed AS (
        SELECT account.owner_id, count(*) FILTER (WHERE worklist_item.status = 'done') AS done,
               count(*) FILTER (WHERE worklist_item.status = 'settled') AS settled
        FROM worklist_item JOIN account USING (account_id)
        WHERE closed_at >= :begin AND closed_at < :until AND account.owner_id = ANY(:owners)
          AND {seen("account.account_id")} GROUP BY account.owner_id
    ), stake AS (
        SELECT owner_id, json_agg(json_build_array(currency, amount) ORDER BY currency) AS at_stake
        FROM (
            SELECT owner_id, currency, sum(amount) AS amount FROM book JOIN told USING (account_id)
            WHERE amount IS NOT NULL GROUP BY owner_id, currency
        ) AS one GROUP BY owner_id
    )
    SELECT staff_id, coalesce(open, 0) AS open, coalesce(snoozed, 0) AS snoozed, oldest_opened_on,
           coalesce(done, 0) AS done, coalesce(settled, 0) AS settled, at_stake, (
               SELECT array_agg(account_id) FROM ranked WHERE place <= :most) AS first
    FROM unnest(:owners) AS owner (staff_id)
    LEFT JOIN open ON open.owner_id = staff_id LEFT JOIN closed ON closed.owner_id = staff_id
    LEFT JOIN stake ON stake.owner_id = staff_id
    """,  # noqa: S608
    **RANKED_TYPES,
    begin="timestamptz",
    until="timestamptz",
    most="bigint",
)
"""How much each has, and the accounts that come first on the lists of all: each account is looked up
once."""


def get_team_worklist(
    session: Session, *, staff_id: str, as_of: date, moment: datetime, zone: tzinfo, limit: int
) -> dict[str, Any]:
    """What everyone below a person, and they themselves, have on their lists: the load of each, and the
    most urgent of all."""
    people = find_people_below(session, staff_id=staff_id)
    ids = [one.staff_id for one in people]
    begin, end = (moment_at(day, time.min, zone) for day in (as_of, add_days(as_of, 1)))
    asked = {"owners": ids, "as_of": as_of, "begin": begin, "until": end, "most": limit}
    rows = ask_seen(session, _TEAM, asked)
    loads = {row.staff_id: _load(row) for row in rows}
    first = rows[0].first if rows else None
    return {
        "people": [
            {"staff_id": one.staff_id, "name": one.name, "role": one.role, **loads[one.staff_id]}
            for one in people
        ],
        "items": show_lines(session, first or [], as_of, moment),
    }


def explain_account(
    session: Session, *, account_id: str, as_of: date, moment: datetime
) -> dict[str, Any]:
    """Why an account is where it is on its owner's list, or why it is not on it."""
    account = fetch(session, Account, account_id)
    first = find_places(session, [account.owner_id], as_of, most=1, account_id=account_id)
    total = first[0].total if first else 0
    own = [one for one in first if one.account_id == account_id]
    place = own[0].place if own else None
    reasons = read_reasons(
        session, account_ids=[account_id], which=WorklistReason.is_standing.is_(True)
    )
    states = [
        {**tell_reason(one), "state": state, "until": until}
        for one in reasons.get(account_id, ())
        for state, until in [rules.state_of(one, as_of)]
    ]
    item = session.scalars(
        select(WorklistItem).where(
            WorklistItem.account_id == account_id, WorklistItem.status == ItemStatus.OPEN
        )
    ).one_or_none()
    hidden_until = item.snoozed_until if item else None
    line = next(iter(show_lines(session, [one.account_id for one in own], as_of, moment)), None)
    note = line["channel_note"] if line else None
    return {
        "account_id": account_id,
        "owner_id": account.owner_id,
        "place": place,
        "of": total,
        "line": line,
        "reasons": states,
        "because": rules.say_place(
            place, total, states, hidden_until=hidden_until, channel_note=note
        ),
    }


def get_figures(
    session: Session, *, first_on: date, last_on: date, staff_id: str | None, zone: tzinfo
) -> dict[str, Any]:
    """How many items were open before the first day, came, were done, settled, and are open after the
    last, by one look: open before + opened = done + settled + open after, whatever happens meanwhile."""
    item = WorklistItem
    begin, end = (
        moment_at(first_on, time.min, zone),
        moment_at(add_days(last_on, 1), time.min, zone),
    )
    came_before, came = item.opened_on < first_on, item.opened_on <= last_on
    # An item goes on the day it came at the earliest, also where the clocks of who noted that differ.
    went_before = and_(came_before, func.coalesce(item.closed_at < begin, false()))
    went = func.coalesce(item.closed_at < end, false())
    is_ended = and_(came, went, ~went_before)
    counted = select(
        func.count().filter(came_before, ~went_before).label("open_before"),
        func.count().filter(came, ~came_before).label("opened"),
        func.count().filter(is_ended, item.status == ItemStatus.DONE).label("done"),
        func.count().filter(is_ended, item.status == ItemStatus.SETTLED).label("settled"),
        func.count().filter(came, ~went).label("open_after"),
    ).select_from(item)
    if staff_id is not None:
        owner = Account.account_id == item.account_id
        counted = counted.join(Account, owner).where(Account.owner_id == staff_id)
    return dict(session.execute(counted).mappings().one())


def find_people_below(session: Session, *, staff_id: str) -> Sequence[Staff]:
    """A person and everyone below them who works here, by name."""
    fetch(session, Staff, staff_id)
    below = select(Staff.staff_id).where(Staff.staff_id == staff_id).cte("below", recursive=True)
    below = below.union(select(Staff.staff_id).join(below, Staff.reports_to_id == below.c.staff_id))
    people = select(Staff).join(below, Staff.staff_id == below.c.staff_id)
    return session.scalars(
        people.where(Staff.left_on.is_(None)).order_by(Staff.name, Staff.staff_id)
    ).all()


def _load(row: Row[Any]) -> dict[str, Any]:
    names = ("open", "snoozed", "oldest_opened_on", "done", "settled")
    return {name: getattr(row, name) for name in names} | {
        "at_stake": [as_money(amount, currency) for currency, amount in row.at_stake or ()]
    }
