"""What happens to causes: added, retired, named by a diagnosis."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from chassis.database import fetch, fetch_for_change
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.accounts.causes.models import CaseCause
from services.accounts.causes.rules import Party


def add_cause(session: Session, *, name: str, party: Party) -> CaseCause:
    """Let diagnoses name one cause more."""
    cause_id = new_id("cau")
    row = {"case_cause_id": cause_id, "name": name, "party": party, "version": 1}
    insert_new_rows(session, CaseCause, [row])
    cause = session.scalars(select(CaseCause).where(CaseCause.name == name)).one()
    if cause.case_cause_id != cause_id:
        raise Conflict(
            "duplicate_name",
            f"There is a cause {name} already; name that one.",
            field="name",
            case_cause_id=cause.case_cause_id,
        )
    return cause


def retire_cause(session: Session, *, case_cause_id: str, today: date) -> CaseCause:
    """Let no further diagnosis name a cause; those that do keep it."""
    cause = fetch_for_change(session, CaseCause, case_cause_id)
    if cause.retired_on is not None:
        raise Conflict("cause_retired", f"It was retired on {cause.retired_on} already.")
    cause.retired_on = today
    session.flush()
    return cause


def require_cause(session: Session, case_cause_id: str) -> CaseCause:
    """The cause, which diagnoses may name."""
    return require_nameable(fetch(session, CaseCause, case_cause_id))


def require_nameable(cause: CaseCause) -> CaseCause:
    """This cause, which diagnoses may name."""
    if cause.retired_on is not None:
        raise Conflict(
            "cause_retired",
            f"{cause.name} was retired on {cause.retired_on}; GET /v1/case-causes lists the others.",
            field="case_cause_id",
        )
    return cause
