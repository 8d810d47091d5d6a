"""Reads for an account at a glance: a fixed number of statements, each through an index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from chassis.database import fetch
from kernel.money import Money
from services.accounts.absences.models import Absence
from services.accounts.absences.rules import Status as AbsenceStatus
from services.accounts.accounts.models import Account
from services.accounts.callers.queries import know_accounts
from services.accounts.clocks.models import CaseClock
from services.accounts.glance import rules
from services.accounts.items.queries import read_ageing
from services.accounts.onboarding.models import ChecklistItem
from services.accounts.orders.models import AccountOrder
from services.accounts.orders.queries import find_running
from services.accounts.periods.rules import Status
from services.accounts.sharing.models import Sharing
from services.accounts.staff.models import Staff

ORDERS_MAX, HELPERS_MAX, DOCUMENTS_MAX = 20, 20, 100


def get_glance(session: Session, *, account_id: str, today: date, now: datetime) -> dict[str, Any]:
    """All there is to know of an account."""
    account = fetch(session, Account, account_id)
    known = know_accounts(session, [account_id], now=now)[account_id]
    due = _due_of_cases(session, [one.case_id for one in known["open_cases"]])
    cases = rules.with_clocks(known["open_cases"], due)
    limit = account.credit_limit
    alerts = rules.find_alerts(
        status=account.status,
        since=account.status_since_on,
        owed=[one["open"] for one in known["balances"]],
        credit_limit=None if limit is None else Money(limit, account.currency),
        waiting=[(one["number"], one["due_at"]) for one in cases if one["due_at"]],
        expiring=_documents(session, account_id),
        today=today,
        now=now,
    )
    return known | {
        "account": account,
        "balances": _with_ageing(session, account_id, known["balances"], today),
        "open_cases": cases,
        "orders": [
            _order(one) for one in find_running(session, account_id=account_id, limit=ORDERS_MAX)
        ],
        "owner": _owner(session, account.owner_id),
        "helpers": _helpers(session, account_id),
        "alerts": list(alerts),
    }


def _due_of_cases(session: Session, case_ids: Collection[str]) -> dict[str, datetime]:
    clock = CaseClock
    is_running = and_(
        clock.case_id.in_(case_ids), clock.ended_at.is_(None), clock.due_at.is_not(None)
    )
    due = select(clock.case_id, func.min(clock.due_at)).where(is_running).group_by(clock.case_id)
    found = session.execute(due).all() if case_ids else ()
    return {case_id: due_at for case_id, due_at in found if due_at}


def _with_ageing(
    session: Session, account_id: str, balances: Sequence[dict[str, Money]], today: date
) -> list[dict[str, Any]]:
    aged = read_ageing(session, account_id=account_id, on=today)
    told = []
    for one in balances:
        currency = one["open"].currency
        of_currency = aged.get(currency, {"ageing": {}, "oldest_overdue_on": None})
        buckets = [
            {"bucket": name, "amount": Money(minor, currency)}
            for name, minor in of_currency["ageing"].items()
            if minor
        ]
        told.append(
            {**one, "ageing": buckets, "oldest_overdue_on": of_currency["oldest_overdue_on"]}
        )
    return told


def _order(order: AccountOrder) -> dict[str, Any]:
    total = None if order.total_gross is None else Money(order.total_gross, order.currency)
    return {"order_id": order.order_id, "number": order.number, "total_gross": total}


def _owner(session: Session, owner_id: str) -> dict[str, Any]:
    delegate = aliased(Staff)
    is_away = and_(Absence.staff_id == Staff.staff_id, Absence.status == AbsenceStatus.AWAY)
    row = session.execute(
        select(Staff, delegate, Absence.until_on)
        .outerjoin(Absence, is_away)
        .outerjoin(delegate, delegate.staff_id == Absence.delegate_id)
        .where(Staff.staff_id == owner_id)
        .order_by(Absence.until_on)
        .limit(1)
    ).one()
    owner, cover, until = row
    return {
        **{name: getattr(owner, name) for name in ("staff_id", "name", "email")},
        "cover": cover and {"staff_id": cover.staff_id, "name": cover.name, "until": until},
    }


def _helpers(session: Session, account_id: str) -> Sequence[Sharing]:
    return session.scalars(
        select(Sharing)
        .where(Sharing.account_id == account_id, Sharing.status == Status.STANDING)
        .order_by(Sharing.sharing_id)
        .limit(HELPERS_MAX)
    ).all()


def _documents(session: Session, account_id: str) -> list[tuple[str, date]]:
    item = ChecklistItem
    dated = select(item.name, item.expires_on).where(
        item.account_id == account_id,
        item.completed_at.is_not(None),
        item.waived_at.is_(None),
        item.expires_on.is_not(None),
    )
    found = session.execute(dated.order_by(item.expires_on, item.name).limit(DOCUMENTS_MAX))
    return [(name, last_on) for name, last_on in found if last_on]
