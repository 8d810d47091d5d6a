"""Reading how an order's goods come to the client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.deliveries import rules
from services.sales.deliveries.rules import READ_MAX, Happened, Line
from services.sales.late_shipments import queries as late_queries
from services.sales.late_shipments.models import LateShipment
from services.sales.late_shipments.rules import ACTIVE
from services.sales.late_shipments.rules import Line as LateLine
from services.sales.orders.models import Order, OrderLine
from services.sales.promises.models import PromiseMove
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import ShipmentState


def get_delivery(session: Session, *, order_id: str) -> dict[str, Any]:
    """What happened to an order's goods, step by step, what they wait for, and since when."""
    order = fetch(session, Order, order_id)
    shipments = session.scalars(
        select(Shipment)
        .where(Shipment.order_id == order_id)
        .order_by(Shipment.number)
        .limit(READ_MAX)
    ).all()
    moves = _of_order(session, PromiseMove, order_id, by=PromiseMove.moved_at)
    late = _of_order(session, LateShipment, order_id, by=LateShipment.noted_at)
    lines = _lines(session, order, shipments, moves) if order.confirmed_at else []
    skus = {line.line_id: line.sku for line in order.lines}
    waits, since = rules.first_wait((one["waits_for"], one["since"]) for one in lines)
    return {
        "account_id": order.account_id,
        "order_id": order_id,
        "number": order.number,
        "status": order.status,
        "waits_for": waits,
        "since": since,
        "is_complete": max(len(shipments), len(moves), len(late)) < READ_MAX,
        "lines": lines,
        "steps": rules.in_order(_steps(order, shipments, moves, late, skus)),
    }


def _of_order(session: Session, model: Any, order_id: str, *, by: Any) -> Sequence[Any]:
    found = select(model).where(model.order_id == order_id).order_by(by).limit(READ_MAX)
    return session.scalars(found).all()


def _lines(
    session: Session,
    order: Order,
    shipments: Sequence[Shipment],
    moves: Sequence[PromiseMove],
) -> list[dict[str, Any]]:
    """The lines that go out, each with what it waits for."""
    going_out = [line for line in order.lines if not line.is_return_line]
    states = late_queries.read_lines(session, line_ids=[line.line_id for line in going_out])
    of_lines: defaultdict[str, list[Shipment]] = defaultdict(list)
    for shipment in shipments:
        for line in shipment.lines:
            of_lines[line.line_id].append(shipment)
    first = {move.line_id: move.from_on for move in reversed(moves)}
    return [
        _say_line(order, line, states[line.line_id], of_lines[line.line_id], first)
        for line in going_out
    ]


def _say_line(
    order: Order,
    line: OrderLine,
    state: LateLine,
    shipments: Sequence[Shipment],
    first: Mapping[str, Any],
) -> dict[str, Any]:
    assert order.confirmed_at is not None, "nothing waits before it is agreed"
    facts = Line(
        open=line.quantities.to_ship,
        drafted=state.drafted,
        assigned=state.assigned,
        picked=state.picked,
        on_its_way=any(one.status == ShipmentState.SHIPPED for one in shipments),
        is_held=state.hold_reason is not None or state.is_stopped or state.account_status != ACTIVE,
        is_lacking=state.is_lacking,
    )
    waits = rules.waits_for(facts)
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "description": line.description,
        "ordered": line.quantities.ordered,
        "shipped": line.quantities.shipped,
        "cancelled": line.quantities.cancelled,
        "open": line.quantities.to_ship,
        "first_promised_on": first.get(line.line_id) or line.promised_on,
        "promised_on": line.promised_on,
        "waits_for": waits,
        "since": rules.since_when(waits, shipments, confirmed_at=order.confirmed_at),
    }


def _steps(
    order: Order,
    shipments: Sequence[Shipment],
    moves: Sequence[PromiseMove],
    late: Sequence[LateShipment],
    skus: Mapping[str, str],
) -> Iterator[Happened]:
    number = f"Order {order.number}"
    if order.confirmed_at is not None:
        told = ("confirmed", "order_confirmed", f"{number} confirmed.", None, order.confirmed_by)
        yield Happened(order.confirmed_at, *told)
    for one in late:
        yield Happened(one.noted_at, "late", "shipment_late", one.sentence)
        if one.told_at is not None:
            words = f"The client was told about {one.sku}." + (f" {one.note}" if one.note else "")
            yield Happened(one.told_at, "told", "contact_settled", words, None, one.told_by)
    for move in moves:
        words = rules.say_moved(
            skus[move.line_id], before=move.from_on, now=move.to_on, reason=move.reason
        )
        yield Happened(move.moved_at, "promised", "promise_moved", words, None, move.moved_by)
    for shipment in shipments:
        yield from rules.steps_of(shipment)
    if order.cancelled_at is not None:
        words = f"{number} cancelled: {order.cancel_reason}"
        yield Happened(
            order.cancelled_at,
            "order_cancelled",
            "order_cancelled",
            words,
            None,
            order.cancelled_by,
        )
