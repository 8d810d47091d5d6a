"""Reads of cases: one with its clocks, many, what was done with one, and how many there were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.billed.models import BilledInvoice
from services.accounts.calendars.queries import read_timetable
from services.accounts.cases import rules
from services.accounts.cases.models import Case, CaseState
from services.accounts.cases.rules import AboutIs, AboutKind, CaseStatus
from services.accounts.clocks.models import CaseClock
from services.accounts.clocks.queries import list_clocks, read_face
from services.accounts.clocks.rules import Kind
from services.accounts.orders.models import AccountOrder

SIMILAR_MAX = 5  # that are named

Whose = Mapping[str, Collection[str | None]]  # accounts' ids, by the ids of their things


def get_case(session: Session, *, case_id: str, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """One case, with what its clocks show now."""
    case = fetch(session, Case, case_id)
    passages = rules.passages_of(list_entries(session, case_id))
    timetable = read_timetable(session, zone=zone)
    clocks = list_clocks(session, case_id)
    faces = [read_face(clock, passages, timetable, now) for clock in clocks]
    about_is = judge_about(session, case.account_id, case.about)
    return {**facts_of(case), "about_is": about_is, "clocks": faces}


def judge_about(
    session: Session, account_id: str, about: Mapping[str, Any] | None
) -> AboutIs | None:
    """Whose thing it is that a case of an account is about; None where it is about nothing. Of order
    lines and shipments there are no copies here."""
    return judge_about_by(read_whose(session, [about]), account_id, about)


def judge_about_by(
    whose: Whose, account_id: str, about: Mapping[str, Any] | None
) -> AboutIs | None:
    """The same, by whose things are."""
    if about is None:
        return None
    if about["id"] not in whose:
        return AboutIs.UNKNOWN
    return AboutIs.THEIRS if account_id in whose[about["id"]] else AboutIs.ANOTHERS


def read_whose(session: Session, things: Sequence[Mapping[str, Any] | None]) -> Whose:
    """Whose the things are that cases are about, by their ids, as far as there are copies of them."""
    # The tables and not the models: what the caller may not see counts too.
    invoice, order = BilledInvoice.__table__.c, AccountOrder.__table__.c
    known = {
        AboutKind.INVOICE: (invoice.invoice_id, invoice.account_id, invoice.for_account_id),
        AboutKind.ORDER: (order.order_id, order.account_id),
    }
    whose: dict[str, Collection[str | None]] = {}
    for kind, (key, *accounts) in known.items():
        if ids := {one["id"] for one in things if one is not None and one["kind"] == kind}:
            found = session.execute(select(key, *accounts).where(key.in_(ids)))
            whose.update((name, account_ids) for name, *account_ids in found)
    return whose


def list_cases(
    session: Session,
    *,
    account_id: str | None,
    status: CaseStatus | None,
    kind: Kind | None,
    owner_id: str | None,
    number: str | None,
    is_overdue: bool | None,
    now: datetime,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Cases, those received last first."""
    columns = (Case.account_id, Case.status, Case.kind, Case.owner_id, Case.number)
    filters = zip(columns, (account_id, status, kind, owner_id, number), strict=True)
    wanted = [column == value for column, value in filters if value is not None]
    if is_overdue is not None:
        wanted.append(_is_overdue(now) if is_overdue else ~_is_overdue(now))
    by: list[Any] = [Case.received_at, Case.case_id]
    cases = select(Case).where(*wanted)
    return read_page(session, cases, by=by, limit=limit, after=after, is_descending=True)


def list_case_states(
    session: Session, *, case_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """What was done with a case, first to last."""
    fetch(session, Case, case_id)
    entries = select(CaseState).where(CaseState.case_id == case_id)
    return read_page(session, entries, by=[CaseState.position], limit=limit, after=after)


def list_entries(session: Session, case_id: str) -> Sequence[CaseState]:
    """All that was done with a case, first to last."""
    of_case = select(CaseState).where(CaseState.case_id == case_id)
    return session.scalars(of_case.order_by(CaseState.position)).all()


def count_entries(session: Session, case_id: str) -> int:
    """How many things were done with a case."""
    of_case = select(func.count(CaseState.position)).where(CaseState.case_id == case_id)
    return session.scalars(of_case).one()


def find_similar(session: Session, case: Case) -> Sequence[Case]:
    """Open cases of the account about the same thing, or about nothing, of the kind and of these days."""
    is_alike = [Case.about_id == case.about_id]
    if case.about_id is None:
        received = Case.received_at.between(*rules.alike_from_to(case.received_at))
        is_alike = [Case.about_id.is_(None), Case.kind == case.kind, received]
    is_open = (Case.account_id == case.account_id, Case.status.not_in(rules.ENDED))
    found = select(Case).where(*is_open, *is_alike)
    order = (Case.received_at.desc(), Case.case_id)
    return session.scalars(found.order_by(*order).limit(SIMILAR_MAX)).all()


def facts_of(case: Case) -> dict[str, Any]:
    """A case as it is told, by the names of its facts."""
    columns = {one.key: getattr(case, one.key) for one in Case.__mapper__.column_attrs}
    return {**columns, "about": case.about, "disputed": case.disputed}


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    is_running = (CaseClock.case_id == Case.case_id, CaseClock.ended_at.is_(None))
    return exists().where(*is_running, CaseClock.due_at <= now)
