"""Reading procedures, and which one an account has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
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
    versions = {version.procedure_id: version for version in current_versions(session)}
    page["items"] = [_described(one, versions[one.procedure_id]) for one in page["items"]]
    return page


def current_versions(session: Session) -> list[ProcedureVersion]:
    """What each procedure says now."""
    return list(
        session.scalars(
            select(ProcedureVersion)
            .join(Procedure, Procedure.procedure_id == ProcedureVersion.procedure_id)
            .where(Procedure.number == ProcedureVersion.number)
            .order_by(ProcedureVersion.procedure_id)
        )
    )


def get_account_procedure(session: Session, *, account_id: str) -> dict[str, Any]:
    """The procedure an account is dunned by: its own, or the company's default."""
    procedure_id = session.scalar(select(procedure_of(account_id)))
    assert procedure_id is not None, "the first migration makes a default procedure"
    return {"account_id": account_id, **get_procedure(session, procedure_id=procedure_id)}


def procedure_of(account_id: Any) -> ColumnElement[str]:
    """SQL for the procedure of the account in the column (or value) `account_id`."""
    own = (
        select(Assignment.procedure_id)
        .where(Assignment.account_id == account_id, Assignment.ended_at.is_(None))
        .scalar_subquery()
    )
    default = select(Procedure.procedure_id).where(Procedure.is_default).scalar_subquery()
    return func.coalesce(own, default)


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
