"""Reads of who may be given an account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from services.accounts.absences.queries import is_away
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status
from services.accounts.assignment.models import Turn
from services.accounts.assignment.rules import WEIGHTS, Candidate
from services.accounts.staff.models import Staff

_WEIGHT = case(WEIGHTS, value=Account.__table__.c.tier)


def read_candidates(
    session: Session, staff_ids: Sequence[str], *, pool_id: str, but: str
) -> list[Candidate]:
    """Of these people those who work here and are not away, without one of them."""
    # The table and not the model: accounts that the caller may not see weigh too.
    owned = Account.__table__.c
    load = (
        select(func.coalesce(func.sum(_WEIGHT), 0))
        .where(owned.owner_id == Staff.staff_id, owned.status != Status.CLOSED)
        .scalar_subquery()
    )
    turn = (
        select(Turn.last_turn)
        .where(Turn.pool_id == pool_id, Turn.staff_id == Staff.staff_id)
        .scalar_subquery()
    )
    found = select(
        Staff.staff_id,
        Staff.name,
        Staff.email,
        func.coalesce(turn, 0).label("last_turn"),
        load.label("load"),
    ).where(
        Staff.staff_id.in_(staff_ids),
        Staff.staff_id != but,
        Staff.left_on.is_(None),
        ~is_away(Staff.staff_id),
    )
    return [Candidate(**row) for row in session.execute(found).mappings()]


def read_below(session: Session, lead_id: str) -> Sequence[str]:
    """Everyone below a person, at any depth."""
    below = select(Staff.staff_id).where(Staff.reports_to_id == lead_id).cte(recursive=True)
    next_ = aliased(Staff)
    below = below.union(select(next_.staff_id).where(next_.reports_to_id == below.c.staff_id))
    return session.scalars(select(below.c.staff_id)).all()
