"""Reads of promises: what is on back-order, and what was kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.orders.models import Order, OrderLine
from services.sales.promises.models import PromiseMove
from services.sales.promises.rules import Figures, PromiseState, require_period
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.shipments.rules import GONE

_LINE: Any = OrderLine.__table__.c
_OPEN: ColumnElement[Any] = _LINE.quantity - _LINE.shipped - _LINE.cancelled
_FIRST = (
    select(func.coalesce(PromiseMove.from_on, PromiseMove.to_on))
    .where(PromiseMove.line_id == OrderLine.line_id)
    .order_by(PromiseMove.moved_at, PromiseMove.move_id)
    .limit(1)
    .scalar_subquery()
)
FIRST_ON: Any = func.coalesce(_FIRST, OrderLine.promised_on)
"""What a line was promised for first."""
SHIPPED_ON = (
    select(func.max(Shipment.shipped_on))
    .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.shipment_id)
    .where(ShipmentLine.line_id == OrderLine.line_id, Shipment.status.in_(GONE))
    .scalar_subquery()
)
"""When the last of it left."""


def list_back_orders(
    session: Session,
    *,
    account_id: str | None,
    product_id: str | None,
    promised_before: date | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of order lines of which something has left and something is open, by order."""
    facts = (OrderLine.line_id, OrderLine.product_id, OrderLine.sku, OrderLine.description)
    statement = (
        select(
            Order.account_id,
            Order.order_id,
            Order.number,
            OrderLine.position,
            *facts,
            _LINE.quantity.label("ordered"),
            _LINE.shipped.label("shipped"),
            _OPEN.label("short"),
            OrderLine.promised_on,
            FIRST_ON.label("first_promised_on"),
            SHIPPED_ON.label("short_since"),
        )
        .join(Order, Order.order_id == OrderLine.order_id)
        .where(Order.status == "processing", _LINE.shipped > 0, _OPEN > 0)
    )
    if account_id is not None:
        statement = statement.where(Order.account_id == account_id)
    if product_id is not None:
        statement = statement.where(OrderLine.product_id == product_id)
    if promised_before is not None:
        statement = statement.where(OrderLine.promised_on < promised_before)
    by = [Order.number, OrderLine.position]
    return read_page(session, statement, by=by, limit=limit, after=after)


def report_kept_promises(
    session: Session,
    *,
    promised_from: date,
    promised_to: date,
    account_id: str | None,
    today: date,
) -> dict[str, Any]:
    """How many of the promises for days of a period were kept, by what was promised first, and by what
    was promised last."""
    require_period(promised_from, promised_to)
    days: dict[str, Any] = {"first": FIRST_ON, "last": OrderLine.promised_on}
    figures = {
        name: _count(session, day, promised_from, promised_to, account_id=account_id, today=today)
        for name, day in days.items()
    }
    period = {"promised_from": promised_from, "promised_to": promised_to}
    return {**period, "account_id": account_id, **figures}


def list_promises(
    session: Session,
    *,
    promised_from: date,
    promised_to: date,
    account_id: str | None,
    state: str | None,
    today: date,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of the lines that were promised first for days of a period, by order: the numbers behind the
    report."""
    require_period(promised_from, promised_to)
    stands = _state(FIRST_ON, today)
    statement = _promised(FIRST_ON, promised_from, promised_to, account_id=account_id).add_columns(
        Order.account_id,
        Order.order_id,
        Order.number,
        OrderLine.position,
        OrderLine.line_id,
        OrderLine.sku,
        OrderLine.description,
        _LINE.quantity.label("ordered"),
        _LINE.shipped.label("shipped"),
        FIRST_ON.label("first_promised_on"),
        OrderLine.promised_on,
        case((_OPEN <= 0, SHIPPED_ON)).label("shipped_on"),
        stands.label("state"),
    )
    if state is not None:
        statement = statement.where(stands == state)
    by = [Order.number, OrderLine.position]
    return read_page(session, statement, by=by, limit=limit, after=after)


def _promised(
    day: ColumnElement[Any], first: date, last: date, *, account_id: str | None
) -> Select[Any]:
    """Lines that go out, of orders that were confirmed, and that are not cancelled unshipped."""
    statement = (
        select()
        .select_from(OrderLine)
        .join(Order, Order.order_id == OrderLine.order_id)
        .where(
            Order.confirmed_at.is_not(None),
            _LINE.quantity > 0,
            _LINE.shipped + _OPEN > 0,
            day.between(first, last),
        )
    )
    return statement if account_id is None else statement.where(Order.account_id == account_id)


def _state(day: ColumnElement[Any], today: date) -> ColumnElement[Any]:
    is_kept = and_(_OPEN <= 0, day >= SHIPPED_ON)
    is_waited_for = and_(_OPEN > 0, day >= today)
    return case(
        (is_kept, PromiseState.KEPT.value),
        (is_waited_for, PromiseState.WAITING.value),
        else_=PromiseState.LATE.value,
    )


def _count(
    session: Session,
    day: ColumnElement[Any],
    first: date,
    last: date,
    *,
    account_id: str | None,
    today: date,
) -> Figures:
    state = _state(day, today)
    statement = _promised(day, first, last, account_id=account_id)
    rows = session.execute(statement.add_columns(state, func.count()).group_by(state))
    counted: dict[str, int] = {row[0]: row[1] for row in rows}
    return Figures(*(counted.get(one.value, 0) for one in PromiseState))
