"""Reading what opens returns by themselves."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.orders.models import Order, OrderLine
from services.sales.return_causes.models import RefusedRemedy
from services.sales.return_causes.rules import BackLine, SoldLine
from services.sales.returns.models import Return, ReturnLine
from services.sales.returns.queries import find_of_remedy
from services.sales.returns.rules import ReturnStatus
from services.sales.shipments.queries import read_lines


def is_answered(session: Session, *, remedy_id: str) -> bool:
    """Whether a remedy was refused, or a return carries it out."""
    if session.get(RefusedRemedy, remedy_id) is not None:
        return True
    return find_of_remedy(session, remedy_id=remedy_id) is not None


def find_sold(session: Session, *, line_ids: Collection[str]) -> dict[str, SoldLine]:
    """Order lines by their ids."""
    found = session.execute(
        select(OrderLine, Order.account_id)
        .join(Order, Order.order_id == OrderLine.order_id)
        .where(OrderLine.line_id.in_(line_ids), Order.confirmed_at.is_not(None))
    )
    return {
        line.line_id: SoldLine(
            line.line_id, line.order_id, account_id, line.product_id, line.net_unit_price
        )
        for line, account_id in found
    }


def find_ordering(session: Session, *, order_ids: Collection[str]) -> list[str]:
    """Those of these orders that are agreed to and by which goods come back."""
    lines = OrderLine.__table__.c
    found = (
        select(Order.order_id)
        .join(OrderLine, lines.order_id == Order.order_id)
        .where(Order.order_id.in_(order_ids), Order.confirmed_at.is_not(None), lines.quantity < 0)
    )
    return [*session.scalars(found.distinct().order_by(Order.order_id))]


def find_back_lines(session: Session, *, order_ids: Collection[str]) -> dict[str, list[BackLine]]:
    """What is to come back by each of these orders, which the caller has locked, and has opened no return
    yet."""
    opened = select(ReturnLine.for_line_id).join(Return, Return.return_id == ReturnLine.return_id)
    known = {*session.scalars(opened.where(Return.for_order_id.in_(order_ids)))}
    lines = read_lines(session, order_ids=order_ids)
    back = [
        line
        for order_id in order_ids
        for line in lines[order_id]
        if line.is_return_line and line.quantities.open and line.line_id not in known
    ]
    sold = find_sold(
        session, line_ids={line.returns_line_id for line in back if line.returns_line_id}
    )
    found: dict[str, list[BackLine]] = {order_id: [] for order_id in order_ids}
    for line in back:
        by = line.returns_line_id
        sold_by = (by, sold[by].order_id) if by else (line.line_id, line.order_id)
        found[line.order_id].append(BackLine(line.line_id, -line.quantities.open, *sold_by))
    return found


def find_not_begun(session: Session, *, order_ids: Collection[str]) -> list[str]:
    """The returns that orders opened and of which nothing is on its way."""
    waiting = (ReturnStatus.REQUESTED, ReturnStatus.AUTHORISED)
    found = select(Return.return_id).where(
        Return.for_order_id.in_(order_ids), Return.status.in_(waiting)
    )
    return [*session.scalars(found.order_by(Return.return_id))]
