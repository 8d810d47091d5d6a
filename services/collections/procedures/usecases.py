"""Making and changing procedures, choosing the default, and giving an account one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from services.collections.procedures import queries, rules
from services.collections.procedures.models import Assignment, Procedure, ProcedureVersion


def make_procedure(
    session: Session, *, name: str, now: datetime, by: str, **policy: Any
) -> dict[str, Any]:
    """A new procedure in its first version; nobody has it yet."""
    procedure = Procedure(procedure_id=new_id("dpr"), name=name, is_default=False, number=0)
    session.add(procedure)
    session.flush()
    return _add_version(session, procedure, now=now, by=by, **policy)


def change_procedure(
    session: Session, *, procedure_id: str, name: str, now: datetime, by: str, **policy: Any
) -> dict[str, Any]:
    """A new version of a procedure, in force for every run from now on."""
    procedure = fetch_for_change(session, Procedure, procedure_id)
    procedure.name = name
    return _add_version(session, procedure, now=now, by=by, **policy)


def make_default(session: Session, *, procedure_id: str) -> dict[str, Any]:
    """Let every account that has no procedure of its own have this one."""
    _lock_with_default(session, procedure_id)
    procedure = fetch_for_change(session, Procedure, procedure_id)
    if not procedure.is_default:
        session.execute(
            update(Procedure)
            .where(Procedure.is_default)
            .values(is_default=False, version=Procedure.version + 1)
        )
        procedure.is_default = True
        session.flush()
    return queries.get_procedure(session, procedure_id=procedure_id)


def assign_procedure(
    session: Session, *, account_id: str, procedure_id: str | None, now: datetime, by: str
) -> dict[str, Any]:
    """Give an account a procedure of its own; None lets it have the company's default again."""
    current = session.scalars(
        select(Assignment)
        .where(Assignment.account_id == account_id, Assignment.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()
    if current is not None:
        current.ended_at = now
        session.flush()
    if procedure_id is not None:
        queries.get_procedure(session, procedure_id=procedure_id)
        session.add(
            Assignment(
                assignment_id=new_id("dpa"),
                account_id=account_id,
                procedure_id=procedure_id,
                assigned_at=now,
                assigned_by=by,
            )
        )
        session.flush()
    return queries.get_account_procedure(session, account_id=account_id)


def _lock_with_default(session: Session, procedure_id: str) -> None:
    """By id, as the daily run takes one procedure after the other."""
    session.execute(
        select(Procedure.procedure_id)
        .where(or_(Procedure.is_default, Procedure.procedure_id == procedure_id))
        .order_by(Procedure.procedure_id)
        .with_for_update(key_share=True)
    )


def _add_version(
    session: Session,
    procedure: Procedure,
    *,
    levels: Sequence[dict[str, Any]],
    hand_over_days: int | None,
    is_automatic: bool,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    rules.require_hand_over(levels, hand_over_days)
    procedure.number += 1
    session.add(
        ProcedureVersion(
            procedure_id=procedure.procedure_id,
            number=procedure.number,
            is_automatic=is_automatic,
            hand_over_days=hand_over_days,
            levels=rules.number_levels(levels),
            made_at=now,
            made_by=by,
        )
    )
    session.flush()
    return queries.get_procedure(session, procedure_id=procedure.procedure_id)
