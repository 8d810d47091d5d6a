"""Reads of who is ringing: a fixed number of statements, however many accounts have the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, case, cast, null, select, true
from sqlalchemy import union_all as union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.activities.models import Activity
from services.accounts.activities.rules import ActivityStatus, Direction
from services.accounts.balances.models import AccountBalance
from services.accounts.calls.models import Call
from services.accounts.calls.rules import CallStatus
from services.accounts.cases.models import Case
from services.accounts.cases.rules import ENDED
from services.accounts.company.queries import get_country
from services.accounts.contacts.models import Contact
from services.accounts.contacts.queries import has_phone
from services.accounts.contacts.rules import read_phone
from services.accounts.staff.models import Staff
from services.accounts.worklist.models import WorklistOutcome, WorklistReason
from services.accounts.worklist.queries import read_reasons, tell_reason

ACCOUNTS_MAX = 10
CASES_MAX = 100  # open ones that are told of, the oldest
CONTACTS_MAX = 100  # who share one number, and are looked at
LATEST_MAX = 5
LOOKED_AT = 25  # of each kind: an outcome of the worklist is there for each reason

Part = Mapping[str, Any]  # what is known of each account


def get_callers(session: Session, *, phone: str, today: date, now: datetime) -> dict[str, Any]:
    """Who has a number, written with its country code or as within our country, at which accounts, and
    what to know of each of them."""
    number = read_phone(phone, country=get_country(session), field="phone")
    people: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_people(number)):
        people[row.Account.account_id].append(row)
    in_order = sorted(people, key=lambda one: not _is_present(people[one], today))
    account_ids = in_order[:ACCOUNTS_MAX]
    known = know_accounts(session, account_ids, now=now) if account_ids else {}
    return {
        "phone": number,
        "items": [
            _describe(people[account_id], number, today) | known[account_id]
            for account_id in account_ids
        ],
    }


def know_accounts(
    session: Session, account_ids: Sequence[str], *, now: datetime
) -> dict[str, dict[str, Any]]:
    """What to know of each of these accounts, by the name in the answer: one statement for each part."""
    parts = {name: read(session, account_ids, now) for name, read in _PARTS.items()}
    return {
        account_id: {name: found[account_id] for name, found in parts.items()}
        for account_id in account_ids
    }


def _people(number: str) -> Any:
    return (
        select(Contact, Account, Staff)
        .join(Account, Account.account_id == Contact.account_id)
        .join(Staff, Staff.staff_id == Account.owner_id)
        .where(has_phone(number))
        .order_by(Account.number, Contact.contact_id)
        .limit(CONTACTS_MAX)
    )


def _is_former(contact: Contact, today: date) -> bool:
    return contact.valid_to is not None and contact.valid_to < today


def _is_present(rows: Sequence[Row[Any]], today: date) -> bool:
    return any(not _is_former(row.Contact, today) for row in rows)


def _describe(rows: Sequence[Row[Any]], number: str, today: date) -> dict[str, Any]:
    account, owner = rows[0].Account, rows[0].Staff
    facts = ("account_id", "number", "name", "status", "tier")
    contacts = [_describe_contact(row.Contact, number, today) for row in rows]
    return {name: getattr(account, name) for name in facts} | {
        "owner": {"staff_id": owner.staff_id, "name": owner.name},
        "contacts": sorted(contacts, key=lambda one: one["is_former"]),
    }


def _describe_contact(contact: Contact, number: str, today: date) -> dict[str, Any]:
    return {
        "contact_id": contact.contact_id,
        "name": contact.name,
        "roles": contact.roles,
        "kind": next(one["kind"] for one in contact.phones if one["number"] == number),
        "is_former": _is_former(contact, today),
    }


def _balances(session: Session, account_ids: Sequence[str], _: datetime) -> Part:
    found: dict[str, list[dict[str, Money]]] = defaultdict(list)
    of_them = select(AccountBalance).where(AccountBalance.account_id.in_(account_ids))
    for row in session.scalars(of_them.order_by(AccountBalance.currency)):
        money = {name: Money(getattr(row, name), row.currency) for name in ("open", "unapplied")}
        found[row.account_id].append(money)
    return found


def _reasons(session: Session, account_ids: Sequence[str], _: datetime) -> Part:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    stands = WorklistReason.is_standing.is_(True)
    for account_id, reasons in read_reasons(session, account_ids=account_ids, which=stands).items():
        in_order = sorted(reasons, key=lambda one: (one.since_on, one.kind, one.about))
        found[account_id] = [tell_reason(one) for one in in_order]
    return found


def _promise(session: Session, account_ids: Sequence[str], _: datetime) -> Part:
    return _first(session, account_ids, Activity.promise != "", by=Activity.at.desc())


def _next_activity(session: Session, account_ids: Sequence[str], now: datetime) -> Part:
    is_next = (Activity.status == ActivityStatus.PLANNED, Activity.at >= now)
    return _first(session, account_ids, *is_next, by=Activity.at.asc())


def _first(
    session: Session,
    account_ids: Sequence[str],
    *which: ColumnElement[bool],
    by: ColumnElement[Any],
) -> Part:
    """The first of each account's activities of which all that holds."""
    first = (
        select(Activity)
        .ext(distinct_on(Activity.account_id))
        .where(Activity.account_id.in_(account_ids), *which)
        .order_by(Activity.account_id, by, Activity.activity_id)
    )
    found: dict[str, Activity | None] = defaultdict(lambda: None)
    return found | {one.account_id: one for one in session.scalars(first)}


def _latest(session: Session, account_ids: Sequence[str], _: datetime) -> Part:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_LATEST, {"account_ids": account_ids}):
        found[row.account_id].append(row)
    return defaultdict(list) | {
        account_id: sorted(set(rows), key=lambda row: (row.at, row.kind), reverse=True)[:LATEST_MAX]
        for account_id, rows in found.items()
    }


def _latest_of(
    model: type[Any], at: Any, which: ColumnElement[bool], columns: Sequence[Any]
) -> Select[Any]:
    named = zip(("kind", "direction", "outcome", "note", "by"), columns, strict=True)
    told = [cast(column, Text).label(name) for name, column in named]
    latest = (
        select(model.account_id, at.label("at"), *told)
        .where(model.account_id == Account.account_id, which)
        .order_by(at.desc())
        .limit(LOOKED_AT)
        .lateral()
    )
    of_them = Account.account_id.in_(bindparam("account_ids", expanding=True))
    return select(latest).select_from(Account).join(latest, true()).where(of_them)


_MET = (Activity.kind, Activity.direction, Activity.outcome, Activity.note, Activity.closed_by)
_BECAME = case(
    (Call.answered_at.is_not(None), CallStatus.ANSWERED),
    (Call.called_back_at.is_not(None), CallStatus.CALLED_BACK),
    else_=CallStatus.MISSED,
)
_RANG = ("call", Direction.IN, _BECAME, null(), Call.staff_id)
_Done = WorklistOutcome
_DONE = ("worklist", Direction.OUT, _Done.outcome, _Done.note, _Done.done_by)
_LATEST = union(
    _latest_of(Activity, Activity.at, Activity.status == ActivityStatus.HELD, _MET),
    _latest_of(Call, Call.rung_at, true(), _RANG),
    _latest_of(_Done, _Done.done_at, true(), _DONE),
)
"""The last of each account's activities, calls and outcomes of its worklist, in no order. Built once: it
takes longer to build than to ask."""


def _open_cases(session: Session, account_ids: Sequence[str], _: datetime) -> Part:
    found: dict[str, list[Case]] = defaultdict(list)
    is_open = (Case.account_id.in_(account_ids), Case.status.not_in(ENDED))
    oldest_first = select(Case).where(*is_open).order_by(Case.received_at, Case.case_id)
    for one in session.scalars(oldest_first.limit(CASES_MAX)):
        found[one.account_id].append(one)
    return found


_PARTS: Mapping[str, Callable[[Session, Sequence[str], datetime], Part]] = {
    "balances": _balances,
    "reasons": _reasons,
    "open_cases": _open_cases,
    "promise": _promise,
    "latest_contacts": _latest,
    "next_activity": _next_activity,
}
"""What to know of an account, by the name in the answer."""
