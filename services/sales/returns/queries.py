"""Reading returns, and what of orders may come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.orders.models import OrderLine
from services.sales.returns.models import Return, ReturnLine, ReturnStep
from services.sales.returns.rules import OPEN, Passed
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.shipments.rules import GONE

_LINE = OrderLine.__table__.c
_BACK = ReturnLine.__table__.c
_CLAIMED = func.sum(_BACK.asked - _BACK.dropped - _BACK.rejected)
_TAKE_NUMBERS = text(
    "SELECT 'RT-' || nextval('return_number') FROM generate_series(1, CAST(:count AS integer))"
)


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


def read_returnable(
    session: Session, *, order_ids: Collection[str]
) -> dict[str, dict[str, Decimal]]:
    """What of the lines of each of these orders was shipped and is neither back nor asked to come
    back, by line id. Whoever asks for some of it has locked the order. What was rejected is the
    client's again."""
    claimed = (
        select(ReturnLine.line_id, _CLAIMED.label("claimed"))
        .join(OrderLine, OrderLine.line_id == ReturnLine.line_id)
        .where(OrderLine.order_id.in_(order_ids))
        .group_by(ReturnLine.line_id)
        .subquery()
    )
    left = _LINE.shipped - func.coalesce(claimed.c.claimed, 0)
    rows = session.execute(
        select(OrderLine.order_id, OrderLine.line_id, left)
        .outerjoin(claimed, claimed.c.line_id == OrderLine.line_id)
        .where(OrderLine.order_id.in_(order_ids), _LINE.quantity > 0)
        .order_by(OrderLine.position)
    )
    found: dict[str, dict[str, Decimal]] = {order_id: {} for order_id in order_ids}
    for order_id, line_id, many in rows:
        found[order_id][line_id] = many
    return found


def read_gone(session: Session, *, line_ids: Collection[str]) -> defaultdict[str, list[Passed]]:
    """When how many of these lines left, by line id."""
    found: defaultdict[str, list[Passed]] = defaultdict(list)
    if line_ids:
        left = select(ShipmentLine.line_id, Shipment.shipped_on, ShipmentLine.quantity)
        left = left.join(Shipment, Shipment.shipment_id == ShipmentLine.shipment_id)
        left = left.where(ShipmentLine.line_id.in_(line_ids), Shipment.status.in_(GONE))
        for line_id, day, many in session.execute(left):
            found[line_id].append(Passed(day, many))
    return found


def read_order_lines(session: Session, line_ids: Collection[str]) -> dict[str, OrderLine]:
    """Lines of orders by their ids."""
    found = select(OrderLine).where(OrderLine.line_id.in_(line_ids))
    return {line.line_id: line for line in session.scalars(found)} if line_ids else {}


def take_numbers(session: Session, count: int) -> list[str]:
    """So many numbers of returns that nobody else has."""
    return [*session.scalars(_TAKE_NUMBERS, {"count": count})]


def find_opened(session: Session, *, order_id: str) -> dict[str, tuple[str, bool]]:
    """The last return that each line below nothing of an order opened, by line id: its number, and
    whether it is under way."""
    found = session.execute(
        select(ReturnLine.for_line_id, Return.number, Return.status)
        .join(Return, Return.return_id == ReturnLine.return_id)
        .where(Return.for_order_id == order_id)
        .order_by(Return.number)
    )
    return {str(line_id): (number, status in OPEN) for line_id, number, status in found}


def read_steps(session: Session, *, return_id: str) -> list[ReturnStep]:
    """What happened to a return, in order."""
    of_it = select(ReturnStep).where(ReturnStep.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnStep.position))]


def find_of_remedy(session: Session, *, remedy_id: str) -> str | None:
    """A return that carries out a remedy; none if there is none."""
    of_it = select(Return.return_id).where(Return.remedy_id == remedy_id)
    return session.scalars(of_it.limit(1)).first()
