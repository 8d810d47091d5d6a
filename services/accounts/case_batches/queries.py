"""Reads of a batch of cases, each for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.accounts.case_batches.models import CaseReference
from services.accounts.cases.models import Case, case_number
from services.accounts.cases.rules import ENDED, CaseStatus, alike_from_to, assigned_number
from services.accounts.causes.models import CaseCause
from services.accounts.clocks.rules import Kind

Row = Mapping[str, Any]


class Reference(NamedTuple):
    """What a system calls a case."""

    system: str
    reference_id: str


class Similar(Protocol):
    """An open case, as it is compared and named."""

    case_id: str
    account_id: str
    number: str
    status: CaseStatus
    kind: Kind
    about_id: str | None
    received_at: datetime


OpenCases = defaultdict[tuple[str, str | None], list[Similar]]


class Standing(NamedTuple):
    """A case that is there, as the answer names it."""

    case_id: str
    account_id: str
    number: str
    status: CaseStatus


def find_cases(session: Session, references: Sequence[Reference]) -> dict[Reference, Standing]:
    """The cases that systems call so."""
    if not references:
        return {}
    of_case = CaseReference.case_id == Case.case_id
    named = (CaseReference.system, CaseReference.reference_id)
    columns = (*named, Case.case_id, Case.account_id, Case.number, Case.status)
    found = select(*columns).join(Case, of_case).where(tuple_(*named).in_(references))
    return {
        Reference(one.system, one.reference_id): Standing(
            one.case_id, one.account_id, one.number, one.status
        )
        for one in session.execute(found)
    }


def read_causes(session: Session, case_cause_ids: Collection[str]) -> dict[str, CaseCause]:
    """Those of these causes that there are."""
    which = select(CaseCause).where(CaseCause.case_cause_id.in_(case_cause_ids))
    return {one.case_cause_id: one for one in session.scalars(which)}


def read_open_cases(session: Session, cases: Sequence[Row]) -> OpenCases:
    """Open cases of these accounts, by account and what they are about: those that may be the same as one
    of these are among them."""
    found: OpenCases = defaultdict(list)
    for one in _list_open(session, cases) if cases else ():
        found[one.account_id, one.about_id].append(one)
    return found


def read_numbers(session: Session, count: int) -> Iterator[str]:
    """The next numbers of cases."""
    drawn = select(case_number.next_value()).select_from(func.generate_series(1, count))
    return map(assigned_number, session.scalars(drawn).all() if count else ())


def _list_open(session: Session, cases: Sequence[Row]) -> Sequence[Similar]:
    about = [one["about"]["id"] for one in cases if one["about"] is not None]
    received = [one["received_at"] for one in cases if one["about"] is None]
    may_be: list[ColumnElement[bool]] = [Case.about_id.in_(about)]
    if received:
        first, last = alike_from_to(min(received))[0], alike_from_to(max(received))[1]
        may_be.append(and_(Case.about_id.is_(None), Case.received_at.between(first, last)))
    is_open = (
        Case.account_id.in_({one["account_id"] for one in cases}),
        Case.status.not_in(ENDED),
    )
    order = (Case.received_at.desc(), Case.case_id)
    return session.scalars(select(Case).where(*is_open, or_(*may_be)).order_by(*order)).all()
