"""Reading shipments, and what of orders is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.accounts.models import CreditHold
from services.sales.orders.models import Order, OrderLine
from services.sales.shipments.models import Shipment, ShipmentLine, ShipmentRest
from services.sales.shipments.rules import PLANNED, SECURED


def get_shipment(session: Session, *, shipment_id: str) -> Shipment:
    """One shipment with its lines."""
    return fetch(session, Shipment, shipment_id)


def list_order_shipments(
    session: Session, *, order_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of an order's shipments in the order they were entered."""
    fetch(session, Order, order_id)
    statement = select(Shipment).where(Shipment.order_id == order_id)
    return read_page(session, statement, by=[Shipment.number], limit=limit, after=after)


def list_shipments(
    session: Session,
    *,
    account_id: str | None,
    status: str | None,
    shipped_from: date | None,
    shipped_to: date | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of shipments, those that leave first first."""
    statement = select(Shipment)
    if account_id is not None:
        statement = statement.where(Shipment.account_id == account_id)
    if status is not None:
        statement = statement.where(Shipment.status == status)
    if shipped_from is not None:
        statement = statement.where(Shipment.shipped_on >= shipped_from)
    if shipped_to is not None:
        statement = statement.where(Shipment.shipped_on <= shipped_to)
    by = [Shipment.shipped_on, Shipment.number]
    return read_page(session, statement, by=by, limit=limit, after=after)


def read_orders_of(session: Session, *, shipment_ids: Collection[str]) -> dict[str, str]:
    """The order of each of these shipments that there are."""
    found = session.execute(
        select(Shipment.shipment_id, Shipment.order_id).where(
            Shipment.shipment_id.in_(shipment_ids)
        )
    )
    return dict(found.all())


def read_lines(
    session: Session, *, order_ids: Collection[str]
) -> Mapping[str, Sequence[OrderLine]]:
    """The lines of orders, which the caller has locked, as they are now."""
    found: defaultdict[str, list[OrderLine]] = defaultdict(list)
    lines = session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderLine.order_id, OrderLine.position)
        .execution_options(populate_existing=True)
    )
    for line in lines:
        found[line.order_id].append(line)
    return found


def read_planned(
    session: Session, *, order_ids: Collection[str]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """How much of the lines of these orders is in shipments that have not left, and of that in those
    whose goods are reserved, by line id."""
    planned = func.sum(ShipmentLine.quantity)
    rows = session.execute(
        select(ShipmentLine.line_id, planned, planned.filter(Shipment.status.in_(SECURED)))
        .join(Shipment, Shipment.shipment_id == ShipmentLine.shipment_id)
        .where(Shipment.order_id.in_(order_ids), Shipment.status.in_(PLANNED))
        .group_by(ShipmentLine.line_id)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[2]}


def read_holds(session: Session, *, account_ids: Collection[str]) -> dict[str, str]:
    """Why accounts are on credit hold, of those that are."""
    holds = session.execute(
        select(CreditHold.account_id, CreditHold.reason).where(
            CreditHold.account_id.in_(account_ids), CreditHold.is_placed
        )
    )
    return dict(holds.all())


def find_planned_of_ended(session: Session, *, order_ids: Collection[str]) -> Sequence[str]:
    """The shipments that have not left of those of these orders that ended."""
    found = (
        select(Shipment.shipment_id)
        .join(Order, Order.order_id == Shipment.order_id)
        .where(
            Shipment.order_id.in_(order_ids),
            Shipment.status.in_(PLANNED),
            Order.status.in_(["done", "cancelled"]),
        )
    )
    return session.scalars(found).all()


def read_orders(session: Session, *, order_ids: Collection[str]) -> dict[str, Order]:
    """Orders by their id, without their lines."""
    found = session.scalars(select(Order).where(Order.order_id.in_(order_ids)))
    return {order.order_id: order for order in found}


def read_again(session: Session, *, shipment_ids: Collection[str]) -> Sequence[Shipment]:
    """Shipments that were changed, with their lines, as they are now."""
    return session.scalars(
        select(Shipment)
        .where(Shipment.shipment_id.in_(shipment_ids))
        .order_by(Shipment.number)
        .execution_options(populate_existing=True)
    ).all()


def read_rest(session: Session, *, shipment_id: str) -> Sequence[Row[ShipmentRest, OrderLine]]:
    """What of its order was still to come as a shipment left, line by line."""
    rest = session.execute(
        select(ShipmentRest, OrderLine)
        .join(OrderLine, OrderLine.line_id == ShipmentRest.line_id)
        .where(ShipmentRest.shipment_id == shipment_id)
        .order_by(OrderLine.position)
    )
    return rest.all()
