"""Reading returns, and what of orders may come back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.orders.models import OrderLine
from services.sales.returns.models import Return, ReturnLine, ReturnStep

_LINE = OrderLine.__table__.c
_BACK = ReturnLine.__table__.c
_CLAIMED = func.sum(_BACK.asked - _BACK.dropped - _BACK.rejected)


def get_return(session: Session, *, return_id: str) -> Return:
    """One return with its lines."""
    return fetch(session, Return, return_id)


def list_returns(
    session: Session,
    *,
    account_id: str | None,
    order_id: str | None,
    status: str | None,
    waits_for: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of returns without their lines, the newest first."""
    statement = select(Return)
    wanted = {"account_id": account_id, "order_id": order_id, "status": status}
    for name, value in {**wanted, "waits_for": waits_for}.items():
        if value is not None:
            statement = statement.where(getattr(Return, name) == value)
    return read_page(
        session,
        statement,
        by=[Return.requested_on, Return.number],
        limit=limit,
        after=after,
        is_descending=True,
    )


def read_returnable(session: Session, *, order_id: str) -> dict[str, Decimal]:
    """What of an order's lines was shipped and is neither back nor asked to come back, by line id.
    Whoever asks for some of it has locked the order. What was rejected is the client's again."""
    claimed = (
        select(ReturnLine.line_id, _CLAIMED.label("claimed"))
        .join(OrderLine, OrderLine.line_id == ReturnLine.line_id)
        .where(OrderLine.order_id == order_id)
        .group_by(ReturnLine.line_id)
        .subquery()
    )
    left = _LINE.shipped - func.coalesce(claimed.c.claimed, 0)
    found = session.execute(
        select(OrderLine.line_id, left)
        .outerjoin(claimed, claimed.c.line_id == OrderLine.line_id)
        .where(OrderLine.order_id == order_id, _LINE.quantity > 0)
        .order_by(OrderLine.position)
    )
    return {row[0]: row[1] for row in found}


def read_steps(session: Session, *, return_id: str) -> list[ReturnStep]:
    """What happened to a return, in order."""
    of_it = select(ReturnStep).where(ReturnStep.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnStep.position))]


def count_steps(session: Session, *, return_id: str) -> int:
    """How many steps a return, which the caller has locked, has taken."""
    of_it = select(func.count()).select_from(ReturnStep).where(ReturnStep.return_id == return_id)
    return session.scalar(of_it) or 0


def find_of_remedy(session: Session, *, remedy_id: str) -> str | None:
    """A return that carries out a remedy; none if there is none."""
    of_it = select(Return.return_id).where(Return.remedy_id == remedy_id)
    return session.scalars(of_it.limit(1)).first()
