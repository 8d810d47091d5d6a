"""Move promises, and tell what is on back-order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_ids
from services.sales.fulfilment.usecases import promise_lines
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, require_move
from services.sales.promises import events, rules
from services.sales.promises.models import PromiseMove
from services.sales.reservations.usecases import take_turns


def move_promises(
    session: Session,
    *,
    order_id: str,
    lines: Sequence[Mapping[str, Any]],
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Order:
    """Promise lines of a confirmed order, of which something is open, for another day."""
    order = fetch_for_change(session, Order, order_id)
    require_move(Action.SHIP, status=order.status, number=order.number)
    days = rules.require_days(
        [(line["line_id"], line["promised_on"]) for line in lines],
        open_lines={line.line_id: line.quantities.to_ship for line in order.lines},
        today=today,
    )
    promise_anew(session, [(order, order.lines)], days, reason=reason, now=now, by=by)
    return order


def promise_anew(
    session: Session,
    orders: Sequence[tuple[Order, Sequence[OrderLine]]],
    days: Mapping[str, date],
    *,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    """Note by when lines of these orders, which the caller has locked, are promised now, and tell of
    those for which it is another day than before."""
    moved = rules.find_moved((line for _, lines in orders for line in lines), days)
    if not moved:
        return
    former = {line.line_id: line.promised_on for _, lines in orders for line in lines}
    ids = iter(new_ids("prm", len(moved)))
    rows = [
        {
            "move_id": next(ids),
            "account_id": order.account_id,
            "order_id": order.order_id,
            "line_id": line.line_id,
            "from_on": former[line.line_id],
            "to_on": days[line.line_id],
            "reason": reason,
            "moved_at": now,
            "moved_by": by,
        }
        for order, lines in orders
        for line in lines
        if line.line_id in moved
    ]
    insert_rows(session, PromiseMove, rows)
    new = {line_id: days[line_id] for line_id in moved}
    promise_lines(session, new)
    take_turns(session, new)
    for order, lines in orders:
        told = [
            {**_say(line), "former_on": former[line.line_id]}
            for line in lines
            if line.line_id in moved
        ]
        if told:
            announce(session, events.PromiseMoved, **_of(order), reason=reason, lines=told)


def tell_back_orders(
    session: Session,
    orders: Iterable[tuple[Order, Sequence[OrderLine]]],
    short: Mapping[str, Decimal],
) -> None:
    """Tell what of these orders is short after something of it has left, by line id."""
    for order, lines in orders:
        told = [_say(line) for line in lines if line.line_id in short]
        if told:
            announce(session, events.BackOrderMade, **_of(order), lines=told)


def _of(order: Order) -> dict[str, Any]:
    return {"account_id": order.account_id, "order_id": order.order_id, "number": order.number}


def _say(line: OrderLine) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "description": line.description,
        "quantity": line.quantities.to_ship,
        "promised_on": line.promised_on,
    }
