"""Reads of remedies: one, many, what is left for them, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.authorities.queries import read_goodwill_budget
from services.accounts.billed.rules import last_twelve_months
from services.accounts.cases.models import Case
from services.accounts.causes.models import CaseCause
from services.accounts.remedies.models import Remedy, RemedyLine
from services.accounts.remedies.rules import (
    GIVEN,
    STANDING,
    RemedyKind,
    RemedyStatus,
    Used,
    require_period,
)


def get_remedy(session: Session, *, remedy_id: str) -> Remedy:
    """One remedy with its lines."""
    return fetch(session, Remedy, remedy_id)


def list_remedies(
    session: Session,
    *,
    account_id: str | None,
    case_id: str | None,
    status: RemedyStatus | None,
    approver_id: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Remedies, the oldest first."""
    columns = (Remedy.account_id, Remedy.case_id, Remedy.status, Remedy.approver_id)
    filters = zip(columns, (account_id, case_id, status, approver_id), strict=True)
    wanted = [column == value for column, value in filters if value is not None]
    remedies = select(Remedy).where(*wanted)
    return read_page(session, remedies, by=[Remedy.remedy_id], limit=limit, after=after)


def read_used(session: Session, invoice_id: str) -> tuple[int, dict[int, Used]]:
    """What remedies that stand make good of an invoice: all together in minor units, and of its lines."""
    stands = (Remedy.invoice_id == invoice_id, Remedy.status.in_(STANDING))
    amount = session.scalar(select(func.coalesce(func.sum(Remedy.amount), 0)).where(*stands))
    lines = session.execute(
        select(RemedyLine.position, func.sum(RemedyLine.quantity), func.sum(RemedyLine.amount))
        .join(Remedy, Remedy.remedy_id == RemedyLine.remedy_id)
        .where(*stands)
        .group_by(RemedyLine.position)
    )
    return int(amount or 0), {place: Used(quantity, int(net)) for place, quantity, net in lines}


def get_goodwill(
    session: Session, *, account_id: str, currency: str, today: date
) -> dict[str, Any]:
    """How much goodwill an account may be given today in a currency."""
    fetch(session, Account, account_id)
    key = {"account_id": account_id, "currency": currency}
    billed, budget = read_goodwill_budget(session, **key, today=today)
    given = session.scalar(
        select(func.coalesce(func.sum(Remedy.amount), 0)).where(
            Remedy.account_id == account_id,
            Remedy.currency == currency,
            Remedy.kind == RemedyKind.GOODWILL,
            Remedy.status.in_(GIVEN),
            Remedy.granted_on.between(*last_twelve_months(today)),
        )
    )
    used = int(given or 0)
    left = max(budget - used, 0)
    return {**key, "billed_net": billed, "budget": budget, "used": used, "left": left}


def count_others(session: Session, remedy: Remedy, *statuses: RemedyStatus) -> int:
    """How many other remedies of its case stand so."""
    others = (Remedy.case_id == remedy.case_id, Remedy.remedy_id != remedy.remedy_id)
    counted = select(func.count()).where(*others, Remedy.status.in_(statuses))
    return session.scalar(counted) or 0


def find_waiting(session: Session, case_id: str) -> Sequence[str]:
    """The remedies of a case that wait for approval."""
    is_waiting = Remedy.status == RemedyStatus.WAITING_FOR_APPROVAL
    waiting = select(Remedy.remedy_id).where(Remedy.case_id == case_id, is_waiting)
    return session.scalars(waiting.order_by(Remedy.remedy_id)).all()


def report_costs(
    session: Session, *, from_on: date, to_on: date, account_id: str | None
) -> dict[str, Any]:
    """What remedies granted in a period cost, by month, cause, product and currency."""
    require_period(from_on, to_on)
    month = func.to_char(Remedy.granted_on, "YYYY-MM").label("month")
    by = (month, CaseCause.name, Case.case_cause_id, Case.product, Remedy.currency)
    wanted: list[ColumnElement[bool]] = [Remedy.status.in_(GIVEN)]
    wanted.append(Remedy.granted_on.between(from_on, to_on))
    if account_id is not None:
        wanted.append(Remedy.account_id == account_id)
    found = session.execute(
        select(
            month,
            CaseCause.name.label("cause"),
            Case.case_cause_id,
            Case.product,
            Remedy.currency,
            func.count().label("remedies"),
            func.coalesce(func.sum(Remedy.amount).filter(Remedy.is_by_lines), 0).label("net"),
            func.coalesce(func.sum(Remedy.amount).filter(~Remedy.is_by_lines), 0).label("gross"),
        )
        .join(Case, Case.case_id == Remedy.case_id)
        .outerjoin(CaseCause, CaseCause.case_cause_id == Case.case_cause_id)
        .where(*wanted)
        .group_by(*by)
        .order_by(*(column.asc().nulls_last() for column in by))
    )
    return {"from_on": from_on, "to_on": to_on, "items": [dict(row._mapping) for row in found]}
