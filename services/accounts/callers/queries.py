"""Reads of who is ringing: a fixed number of statements, however many accounts have the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from chassis.database import SEEN_TYPES, Planned, ask_seen, seen
from kernel.money import Money
from services.accounts.accounts.rules import ContactRole, Status, Tier
from services.accounts.activities.rules import ActivityKind
from services.accounts.cases.rules import CaseStatus
from services.accounts.clocks.rules import Kind, Priority
from services.accounts.company.queries import get_country
from services.accounts.contacts.rules import read_phone
from services.accounts.worklist.queries import reason_of, tell_reason
from services.accounts.worklist.rules import Reason

ACCOUNTS_MAX = 10
CONTACTS_MAX = 100  # who share one number, and are looked at

_PEOPLE = Planned(
    f"""
    SELECT contact_id, contact.name AS person, roles, phones, valid_to, account.account_id,
           account.number, account.name, status, tier, staff_id, staff.name AS owner
    FROM contact JOIN account USING (account_id) JOIN staff ON staff_id = owner_id
    WHERE phones @> jsonb_build_array(jsonb_build_object('number', :phone))
      AND {seen("contact.account_id")}
    ORDER BY account.number, contact_id LIMIT {CONTACTS_MAX}
    """,  # noqa: S608
    phone="text",
    **SEEN_TYPES,
)

# All there is to know of accounts in one look, planned once, and read without a model for each row. 25 of
# each kind of contact are looked at, as an outcome of the worklist is there for each reason.
_KNOWN = Planned(
    """
    SELECT wanted.account_id, json_build_object(
        'balances', (
            SELECT json_agg(one ORDER BY currency) FROM (
                SELECT currency, open, unapplied FROM account_balance
                WHERE account_id = wanted.account_id) AS one),
        'reasons', (
            SELECT json_agg(one) FROM (
                SELECT kind, about, since_on, currency, amount, oldest_due_date, sentence
                FROM worklist_reason WHERE account_id = wanted.account_id AND is_standing) AS one),
        'open_cases', (
            SELECT json_agg(one ORDER BY received_at, case_id) FROM (
                SELECT case_id, number, kind, priority, status, subject, received_at, (
                    SELECT min(due_at) FROM case_clock
                    WHERE case_clock.case_id = "case".case_id AND ended_at IS NULL) AS due_at
                FROM "case"
                WHERE account_id = wanted.account_id
                  AND status NOT IN ('closed', 'withdrawn', 'duplicate')
                ORDER BY received_at, case_id LIMIT 100) AS one),
        'promise', (
            SELECT row_to_json(one) FROM (
                SELECT activity_id, at, promise FROM activity
                WHERE account_id = wanted.account_id AND promise <> ''
                ORDER BY at DESC, activity_id LIMIT 1) AS one),
        'next_activity', (
            SELECT row_to_json(one) FROM (
                SELECT activity_id, kind, at, subject, owner_id FROM activity
                WHERE account_id = wanted.account_id AND status = 'planned' AND at >= :now
                ORDER BY at, activity_id LIMIT 1) AS one),
        'latest_contacts', (
            SELECT json_agg(one ORDER BY at DESC, kind DESC) FROM (
                SELECT * FROM (
                    (SELECT at, kind, direction, outcome, note, closed_by AS by FROM activity
                     WHERE account_id = wanted.account_id AND status = 'held'
                     ORDER BY at DESC LIMIT 25)
                    UNION
                    (SELECT rung_at, 'call', 'in',
                            CASE WHEN answered_at IS NOT NULL THEN 'answered'
                                 WHEN called_back_at IS NOT NULL THEN 'called_back'
                                 ELSE 'missed' END, NULL, staff_id FROM call
                     WHERE account_id = wanted.account_id ORDER BY rung_at DESC LIMIT 25)
                    UNION
                    (SELECT done_at, 'worklist', 'out', outcome, note, done_by FROM worklist_outcome
                     WHERE account_id = wanted.account_id ORDER BY done_at DESC LIMIT 25)
                ) AS met ORDER BY at DESC, kind DESC LIMIT 5) AS one)
        ) AS known
    FROM unnest(:account_ids) AS wanted (account_id)
    """,
    account_ids="text[]",
    now="timestamptz",
)


def get_callers(session: Session, *, phone: str, today: date, now: datetime) -> dict[str, Any]:
    """Who has a number, written with its country code or as within our country, at which accounts, and
    what to know of each of them."""
    country = None if "+" in phone else get_country(session)
    number = read_phone(phone, country=country, field="phone")
    people: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in ask_seen(session, _PEOPLE, {"phone": number}):
        people[row.account_id].append(row)
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
    """What to know of each of these accounts, which the caller sees, by the name in the answer; of an
    open case also until when it waits."""
    rows = _KNOWN.read(session, account_ids=[*account_ids], now=now)
    return {row.account_id: _read_known(row.known) for row in rows}


def _is_former(contact: Row[Any], today: date) -> bool:
    return contact.valid_to is not None and contact.valid_to < today


def _is_present(rows: Sequence[Row[Any]], today: date) -> bool:
    return any(not _is_former(row, today) for row in rows)


def _describe(rows: Sequence[Row[Any]], number: str, today: date) -> dict[str, Any]:
    account = rows[0]
    contacts = [_describe_contact(row, number, today) for row in rows]
    return {
        **{name: getattr(account, name) for name in ("account_id", "number", "name")},
        "status": Status(account.status),
        "tier": Tier(account.tier),
        "owner": {"staff_id": account.staff_id, "name": account.owner},
        "contacts": sorted(contacts, key=lambda one: one["is_former"]),
    }


def _describe_contact(contact: Row[Any], number: str, today: date) -> dict[str, Any]:
    return {
        "contact_id": contact.contact_id,
        "name": contact.person,
        "roles": list(map(ContactRole, contact.roles)),
        "kind": next(one["kind"] for one in contact.phones if one["number"] == number),
        "is_former": _is_former(contact, today),
    }


def _read_known(told: Mapping[str, Any]) -> dict[str, Any]:
    reasons = sorted(map(reason_of, told["reasons"] or ()), key=_place)
    promise, next_activity = told["promise"], told["next_activity"]
    return {
        "balances": [_read_balance(one) for one in told["balances"] or ()],
        "reasons": [tell_reason(one) for one in reasons],
        "open_cases": [_read_case(one) for one in told["open_cases"] or ()],
        "promise": promise and promise | _moment(promise, "at"),
        "latest_contacts": [one | _moment(one, "at") for one in told["latest_contacts"] or ()],
        "next_activity": next_activity
        and next_activity
        | _moment(next_activity, "at")
        | {"kind": ActivityKind(next_activity["kind"])},
    }


def _read_balance(told: Mapping[str, Any]) -> dict[str, Money]:
    return {name: Money(told[name], told["currency"]) for name in ("open", "unapplied")}


def _place(reason: Reason) -> tuple[date, str, str]:
    return reason.since_on, reason.kind, reason.about


def _read_case(told: dict[str, Any]) -> dict[str, Any]:
    choices = {"kind": Kind, "priority": Priority, "status": CaseStatus}
    chosen = {name: choice(told[name]) for name, choice in choices.items()}
    return told | chosen | _moment(told, "received_at") | _moment(told, "due_at")


def _moment(told: Mapping[str, Any], name: str) -> dict[str, datetime | None]:
    return {name: told[name] and datetime.fromisoformat(told[name])}
