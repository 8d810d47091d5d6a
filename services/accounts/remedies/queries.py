"""Reads of remedies: one, many, what is left for them, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.authorities.models import RemedyAuthority
from services.accounts.authorities.queries import (
    authority_of_role,
    each_above,
    read_goodwill_budget,
)
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
from services.accounts.staff.models import Staff


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


def is_within_budget(session: Session, remedy: Remedy, *, today: date) -> bool:
    """Whether it is no goodwill, or there is so much left for the account."""
    if remedy.kind != RemedyKind.GOODWILL:
        return True
    key = {"account_id": remedy.account_id, "currency": remedy.currency}
    return bool(remedy.amount <= get_goodwill(session, **key, today=today)["left"])


def find_approvers(
    session: Session, remedy: Remedy, case: Case, *, today: date
) -> list[tuple[str, str]]:
    """Who above whoever asked (for a system: above and with the case's owner) could decide, the next
    first: ids and names."""
    is_within = is_within_budget(session, remedy, today=today)
    asker = _find_asker(session, remedy)
    owner = [] if asker else [session.get_one(Staff, case.owner_id)]
    above = [*owner, *each_above(session, asker.staff_id if asker else case.owner_id)]
    return [
        (person.staff_id, person.name)
        for person in above
        if person.is_active
        and person.staff_id not in (remedy.asked_by, case.caused_by_id)
        and authority_of_role(session, person.role).covers(remedy.money, is_within_budget=is_within)
    ]


def name_asker(session: Session, remedy: Remedy) -> str:
    """The name of whoever asked for it; of a system its key's id."""
    asker = _find_asker(session, remedy)
    return remedy.asked_by if asker is None else asker.name


def list_waiting_for(session: Session, staff_id: str) -> Sequence[Remedy]:
    """The remedies that wait for somebody's decision, for change."""
    is_waiting = Remedy.status == RemedyStatus.WAITING_FOR_APPROVAL
    waiting = select(Remedy).where(Remedy.approver_id == staff_id, is_waiting)
    return session.scalars(waiting.order_by(Remedy.remedy_id).with_for_update()).all()


def load_deciders(session: Session, remedies: Sequence[Remedy]) -> Mapping[str, Any]:
    """What `find_approvers` looks up, by its key, read at once for many remedies: their cases, the people
    and their authorities. The session knows them for as long as the caller keeps them."""
    if not remedies:
        return {}
    cases = select(Case).where(Case.case_id.in_({remedy.case_id for remedy in remedies}))
    known: dict[str, Any] = {case.case_id: case for case in session.scalars(cases)}
    known |= {person.staff_id: person for person in session.scalars(select(Staff))}
    return known | {one.role: one for one in session.scalars(select(RemedyAuthority))}


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


def _find_asker(session: Session, remedy: Remedy) -> Staff | None:
    is_person = remedy.asked_by.startswith("stf_")
    return session.get(Staff, remedy.asked_by) if is_person else None
