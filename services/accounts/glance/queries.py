"""Reads for an account at a glance: a fixed number of statements, each through an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import Planned, fetch_seen
from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.callers.queries import know_accounts
from services.accounts.glance import rules
from services.accounts.items.rules import age

# What stands around an account, in one look: of the items of one day one row, so that it costs as much as
# there are days.
_AROUND = Planned(
    """
    SELECT json_build_object(
        'owed', (
            SELECT json_agg(one) FROM (
                SELECT currency, due_date, sum(balance) AS balance FROM account_item
                WHERE account_id = :account_id AND status = 'open'
                GROUP BY currency, due_date) AS one),
        'orders', (
            SELECT json_agg(one) FROM (
                SELECT order_id, number, currency, total_gross FROM account_order
                WHERE account_id = :account_id AND NOT is_ended ORDER BY number LIMIT 20) AS one),
        'helpers', (
            SELECT json_agg(one) FROM (
                SELECT sharing_id, name, purpose FROM sharing
                WHERE account_id = :account_id AND status = 'standing'
                ORDER BY sharing_id LIMIT 20) AS one),
        'documents', (
            SELECT json_agg(one) FROM (
                SELECT name, expires_on FROM checklist_item
                WHERE account_id = :account_id AND completed_at IS NOT NULL AND waived_at IS NULL
                  AND expires_on IS NOT NULL
                ORDER BY expires_on, name LIMIT 100) AS one),
        'owner', (
            SELECT row_to_json(one) FROM (
                SELECT owner.staff_id, owner.name, owner.email, cover.staff_id AS cover_id,
                       cover.name AS cover, absence.until_on
                FROM staff AS owner
                LEFT JOIN absence ON absence.staff_id = owner.staff_id AND absence.status = 'away'
                LEFT JOIN staff AS cover ON cover.staff_id = absence.delegate_id
                WHERE owner.staff_id = :owner_id ORDER BY absence.until_on LIMIT 1) AS one)
        ) AS around
    """,
    account_id="text",
    owner_id="text",
)


def get_glance(session: Session, *, account_id: str, today: date, now: datetime) -> dict[str, Any]:
    """All there is to know of an account."""
    account = fetch_seen(session, Account, account_id)
    known = know_accounts(session, [account_id], now=now)[account_id]
    around = _look_around(session, account)
    limit, cases = account.credit_limit, known["open_cases"]
    alerts = rules.find_alerts(
        status=account.status,
        since=account.status_since_on,
        owed=[one["open"] for one in known["balances"]],
        credit_limit=None if limit is None else Money(limit, account.currency),
        waiting=[(one["number"], one["due_at"]) for one in cases if one["due_at"]],
        expiring=[(one["name"], _day(one["expires_on"])) for one in around["documents"] or ()],
        today=today,
        now=now,
    )
    return known | {
        "account": account,
        "balances": _with_ageing(known["balances"], around["owed"] or (), today),
        "orders": [_order(one) for one in around["orders"] or ()],
        "owner": _owner(around["owner"]),
        "helpers": around["helpers"] or [],
        "alerts": list(alerts),
    }


def _look_around(session: Session, account: Account) -> dict[str, Any]:
    [row] = _AROUND.read(session, account_id=account.account_id, owner_id=account.owner_id)
    around: dict[str, Any] = row.around
    return around


def _day(told: str) -> date:
    return date.fromisoformat(told)


def _with_ageing(
    balances: Sequence[dict[str, Money]], owed: Iterable[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    days: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for one in owed:
        days[one["currency"]].append((_day(one["due_date"]), int(one["balance"])))
    told = []
    for balance in balances:
        currency = balance["open"].currency
        aged = age(days[currency], on=today)
        buckets = [
            {"bucket": name, "amount": Money(minor, currency)}
            for name, minor in aged["ageing"].items()
            if minor
        ]
        told.append({**balance, **aged, "ageing": buckets})
    return told


def _order(told: Mapping[str, Any]) -> dict[str, Any]:
    gross = told["total_gross"]
    total = None if gross is None else Money(gross, told["currency"])
    return {"order_id": told["order_id"], "number": told["number"], "total_gross": total}


def _owner(told: Mapping[str, Any]) -> dict[str, Any]:
    cover = told["cover_id"] and {
        "staff_id": told["cover_id"],
        "name": told["cover"],
        "until": _day(told["until_on"]),
    }
    return {**{name: told[name] for name in ("staff_id", "name", "email")}, "cover": cover}
