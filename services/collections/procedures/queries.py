"""Reading procedures, and which one an account has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.refusals import NotFound
from services.collections.procedures.models import Assignment, Procedure, ProcedureVersion


def get_procedure(session: Session, *, procedure_id: str) -> dict[str, Any]:
    """A procedure as it is in force."""
    procedure = fetch(session, Procedure, procedure_id)
    return _described(procedure, get_version(session, procedure_id, procedure.number))


def get_procedure_version(session: Session, *, procedure_id: str, number: int) -> dict[str, Any]:
    """A procedure as it was in one of its versions."""
    procedure = fetch(session, Procedure, procedure_id)
    return _described(procedure, get_version(session, procedure_id, number))


def get_version(session: Session, procedure_id: str, number: int) -> ProcedureVersion:
    """One version of a procedure."""
    version = session.get(ProcedureVersion, (procedure_id, number))
    if version is None:
        raise NotFound(
            "procedure_version_not_found",
            f"{procedure_id} has no version {number}; its newest is on the procedure's page.",
        )
    return version


def list_procedures(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """Procedures as they are in force, the oldest first."""
    page = read_page(
        session, select(Procedure), by=[Procedure.procedure_id], limit=limit, after=after
    )
    page["items"] = [
        _described(one, get_version(session, one.procedure_id, one.number)) for one in page["items"]
    ]
    return page


_IN_USE = (
    select(ProcedureVersion)
    .join(Procedure, Procedure.procedure_id == ProcedureVersion.procedure_id)
    .where(
        Procedure.number == ProcedureVersion.number,
        or_(
            Procedure.is_default,
            exists().where(
                Assignment.procedure_id == Procedure.procedure_id, Assignment.ended_at.is_(None)
            ),
        ),
    )
    .order_by(ProcedureVersion.procedure_id)
)


def versions_in_use(session: Session) -> list[ProcedureVersion]:
    """What each procedure that some account has says now; the default is always in use."""
    return list(session.scalars(_IN_USE))


def get_account_procedure(session: Session, *, account_id: str) -> dict[str, Any]:
    """The procedure an account is dunned by: its own, or the company's default."""
    own = session.scalar(
        select(Assignment.procedure_id).where(
            Assignment.account_id == account_id, Assignment.ended_at.is_(None)
        )
    )
    procedure_id = own or get_default_id(session)
    return {"account_id": account_id, **get_procedure(session, procedure_id=procedure_id)}


def get_default_id(session: Session) -> str:
    """The company's default procedure; there always is one."""
    return session.scalars(select(Procedure.procedure_id).where(Procedure.is_default)).one()


def _described(procedure: Procedure, version: ProcedureVersion) -> dict[str, Any]:
    return {
        "procedure_id": procedure.procedure_id,
        "version": procedure.version,
        "number": version.number,
        "name": procedure.name,
        "is_default": procedure.is_default,
        "is_automatic": version.is_automatic,
        "hand_over_days": version.hand_over_days,
        "levels": version.levels,
        "made_at": version.made_at,
        "made_by": version.made_by,
    }
