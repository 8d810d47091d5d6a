"""Store what becomes of shipments, many at once, and tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_rows
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_ids
from services.sales.events import ShipmentSent
from services.sales.goods.rules import Wanted
from services.sales.goods.usecases import let_go
from services.sales.order_exceptions.rules import ExceptionKind
from services.sales.order_exceptions.usecases import raise_exception
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Totals, totals
from services.sales.shipments import events, queries, rules
from services.sales.shipments.models import Shipment, ShipmentLine, ShipmentRest
from services.sales.shipments.rules import SECURED, SEND, ShipmentState, Step

_MOVE = text("""
    UPDATE shipment
    SET version = shipment.version + 1,
        status = told.status,
        shipped_on = told.shipped_on,
        total_net = told.net,
        total_gross = told.gross,
        assigned_at = CASE WHEN told.is_assigned THEN :now ELSE assigned_at END,
        assigned_by = CASE WHEN told.is_assigned THEN :by ELSE assigned_by END,
        picked_at = CASE WHEN told.is_picked THEN :now ELSE picked_at END,
        picked_by = CASE WHEN told.is_picked THEN :by ELSE picked_by END,
        sent_at = CASE WHEN told.is_sent THEN :now ELSE sent_at END,
        sent_by = CASE WHEN told.is_sent THEN :by ELSE sent_by END
    FROM unnest(
        CAST(:ids AS text[]), CAST(:statuses AS text[]), CAST(:days AS date[]),
        CAST(:net AS bigint[]), CAST(:gross AS bigint[]),
        CAST(:assigned AS boolean[]), CAST(:picked AS boolean[]), CAST(:sent AS boolean[])
    ) AS told (shipment_id, status, shipped_on, net, gross, is_assigned, is_picked, is_sent)
    WHERE shipment.shipment_id = told.shipment_id
""")
_KEEP_PICKED = text("""
    WITH told AS (
        SELECT * FROM unnest(
            CAST(:ids AS text[]), CAST(:line_ids AS text[]), CAST(:quantities AS numeric[])
        ) AS told (shipment_id, line_id, quantity)
    ), left_behind AS (
        DELETE FROM shipment_line WHERE shipment_id = ANY(CAST(:ids AS text[])) AND NOT EXISTS (
            SELECT FROM told
            WHERE (told.shipment_id, told.line_id)
                = (shipment_line.shipment_id, shipment_line.line_id)
        )
    )
    UPDATE shipment_line SET quantity = told.quantity FROM told
    WHERE (told.shipment_id, told.line_id) = (shipment_line.shipment_id, shipment_line.line_id)
""")
_NUMBERS = text("SELECT 'SH-' || nextval('shipment_number') FROM generate_series(1, :count)")
_CANCEL = text("""
    UPDATE shipment
    SET version = version + 1, status = 'cancelled',
        cancelled_at = :now, cancelled_by = :by, cancel_reason = :reason
    WHERE shipment_id = ANY(:ids)
""")


class Planned(NamedTuple):
    """A shipment as it is to be once these steps are taken; `known` is none of a new one. `lines` are
    those of the order that are in it, `quantities` how much of each; `is_counted`: they are what was
    picked, and may differ from before."""

    order: Order
    known: Shipment | None
    steps: tuple[Step, ...]
    state: ShipmentState
    lines: Sequence[OrderLine]
    quantities: Mapping[str, Decimal]
    day: date
    is_counted: bool = False

    @property
    def is_sent(self) -> bool:
        return Step.SHIP in self.steps

    @property
    def is_secured(self) -> bool:
        """Whether its goods were reserved before."""
        return self.known is not None and self.known.status in SECURED

    @property
    def before(self) -> dict[str, Decimal]:
        """How much of each line was in it before."""
        return {line.line_id: line.quantity for line in self.known.lines} if self.known else {}


class Stored(NamedTuple):
    """A shipment as it is stored now."""

    shipment_id: str
    number: str
    account_id: str
    order_id: str
    status: ShipmentState
    totals: Totals


def store_shipments(
    session: Session, planned: Sequence[Planned], *, now: datetime, by: str
) -> list[Stored]:
    """Store shipments as planned, each once, and tell of those that have left; in the same order. The
    caller has locked them and their orders."""
    count = sum(one.known is None for one in planned)
    numbers = session.scalars(_NUMBERS, {"count": count}) if count else ()
    named = zip(new_ids("shp", count), numbers, strict=True)
    stored = [_stored(one, named) for one in planned]
    pairs = list(zip(stored, planned, strict=True))
    made = [(each, one) for each, one in pairs if one.known is None]
    insert_rows(session, Shipment, [_make(each, one, now=now, by=by) for each, one in made])
    lines = [row for each, one in made for row in _lines(each.shipment_id, one)]
    insert_rows(session, ShipmentLine, lines)
    _change(session, [pair for pair in pairs if pair[1].known is not None], now=now, by=by)
    for each, one in pairs:
        if one.is_sent:
            _announce_sent(session, each, one)
    return stored


def keep_rests(
    session: Session,
    stored: Sequence[tuple[Planned, Stored]],
    lines: Mapping[str, Sequence[OrderLine]],
    *,
    before: Mapping[str, Decimal],
) -> None:
    """Remember what of their orders was still to come as these shipments left, and by when: their
    delivery notes say so whenever they are drawn. `lines` are those of the orders as they are now,
    `before` what was open of each."""
    sent: defaultdict[str, list[tuple[Planned, Stored]]] = defaultdict(list)
    for one, shipment in stored:
        if one.is_sent:
            sent[one.order.order_id].append((one, shipment))
    rows = []
    for order_id, of_one in sent.items():
        known = {line.line_id: line for line in lines[order_id]}
        rests = rules.rests_after(
            {key: before[key] for key in known},
            [one.quantities for one, _ in of_one],
            at_last={key: line.quantities.to_ship for key, line in known.items()},
        )
        rows += [
            {
                "shipment_id": shipment.shipment_id,
                "line_id": key,
                "quantity": many,
                "promised_on": known[key].promised_on,
            }
            for (_, shipment), rest in zip(of_one, rests, strict=True)
            for key, many in rest.items()
        ]
    insert_rows(session, ShipmentRest, rows)


def deliver_shipment(
    session: Session,
    *,
    shipment_id: str,
    delivered_on: date | None,
    received_by: str,
    proof: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Shipment:
    """Note when a shipment arrived, who took it, and what proves it."""
    shipment = fetch_for_change(session, Shipment, shipment_id)
    shipment.status = rules.move(shipment.status, Step.DELIVER, number=shipment.number)
    shipment.delivered_on = rules.day_of_delivery(
        delivered_on, shipped_on=shipment.shipped_on, today=today
    )
    shipment.received_by, shipment.proof = received_by, proof
    shipment.delivered_at, shipment.delivered_by = now, by
    session.flush()
    told = {"delivered_on": shipment.delivered_on, "received_by": received_by, "proof": proof}
    order = fetch(session, Order, shipment.order_id)
    announce(session, events.ShipmentDelivered, **rules.facts_of(shipment, order), **told)
    return shipment


def cancel_shipment(
    session: Session, *, shipment_id: str, reason: str, today: date, now: datetime, by: str
) -> Shipment:
    """Give up a shipment that has not left; what was in it is open again, and a person says whether it is
    shipped again or not any more."""
    order_ids = queries.read_orders_of(session, shipment_ids=[shipment_id])
    orders = fetch_all_for_change(session, Order, order_ids.values())
    shipment = fetch_for_change(session, Shipment, shipment_id)
    rules.move(shipment.status, Step.CANCEL, number=shipment.number)
    [cancelled] = _cancel(session, [shipment_id], reason=reason, now=now, by=by)
    [order] = orders
    raise_exception(
        session,
        account_id=order.account_id,
        order_id=order.order_id,
        order_number=order.number,
        currency=order.currency,
        kind=ExceptionKind.SHIPMENT_CANCELLED,
        about=shipment_id,
        about_number=cancelled.number,
        quantities={line.line_id: line.quantity for line in cancelled.lines},
        today=today,
        now=now,
    )
    return cancelled


def cancel_of_ended(session: Session, *, order_ids: Sequence[str], now: datetime, by: str) -> None:
    """Give up what is planned of orders that ended."""
    fetch_all_for_change(session, Order, order_ids)
    found = queries.find_planned_of_ended(session, order_ids=order_ids)
    if found:
        fetch_all_for_change(session, Shipment, found)
        _cancel(session, found, reason=rules.ENDED, now=now, by=by)


def wanted_of(lines: Iterable[tuple[Order, OrderLine]]) -> dict[str, Wanted]:
    """Order lines, as far as their goods are concerned, by id."""
    return {
        line.line_id: Wanted(
            line.line_id,
            order.account_id,
            order.order_id,
            line.product_id,
            line.sku,
            line.promised_on,
            line.quantities.to_ship,
        )
        for order, line in lines
    }


def _stored(one: Planned, named: Iterator[tuple[str, str]]) -> Stored:
    known = one.known
    shipment_id, number = (known.shipment_id, known.number) if known else next(named)
    total = totals(line.part(one.quantities[line.line_id]) for line in one.lines)
    order = one.order
    return Stored(shipment_id, number, order.account_id, order.order_id, one.state, total)


def _make(stored: Stored, one: Planned, *, now: datetime, by: str) -> dict[str, Any]:
    return {
        "shipment_id": stored.shipment_id,
        "number": stored.number,
        "version": 1,
        "account_id": stored.account_id,
        "order_id": stored.order_id,
        "status": stored.status,
        "currency": one.order.currency,
        "shipped_on": one.day,
        "total_net": stored.totals.net,
        "total_gross": stored.totals.gross,
        "drafted_at": now,
        "drafted_by": by,
        "sent_at": now,
        "sent_by": by,
        **rules.stamps(one.steps, now=now, by=by),
    }


def _lines(shipment_id: str, one: Planned) -> list[dict[str, Any]]:
    return [
        {
            "shipment_id": shipment_id,
            "line_id": line.line_id,
            "position": line.position,
            "quantity": one.quantities[line.line_id],
        }
        for line in one.lines
    ]


def _change(
    session: Session, known: Sequence[tuple[Stored, Planned]], *, now: datetime, by: str
) -> None:
    picked: list[tuple[str, str, Decimal]] = []
    moved: list[tuple[Any, ...]] = []
    for stored, one in known:
        key, total = stored.shipment_id, stored.totals
        does = [step in one.steps for step in SEND]
        moved.append((key, one.state, one.day, total.net, total.gross, *does))
        if one.is_counted:
            picked += [(key, line_id, many) for line_id, many in one.quantities.items()]
    if not moved:
        return
    names = ("ids", "statuses", "days", "net", "gross", "assigned", "picked", "sent")
    session.execute(_MOVE, {**columns(moved, *names), "now": now, "by": by})
    if picked:
        session.execute(_KEEP_PICKED, columns(picked, "ids", "line_ids", "quantities"))


def _cancel(
    session: Session, shipment_ids: Sequence[str], *, reason: str, now: datetime, by: str
) -> Sequence[Shipment]:
    """Cancel shipments that the caller has locked, with their orders."""
    said = {"ids": list(shipment_ids), "reason": reason, "now": now, "by": by}
    session.execute(_CANCEL, said)
    cancelled = queries.read_again(session, shipment_ids=shipment_ids)
    orders = queries.read_orders(session, order_ids={one.order_id for one in cancelled})
    lines_of = queries.read_lines(session, order_ids=orders)
    freed = {line.line_id for one in cancelled for line in one.lines}
    let_go(
        session,
        wanted_of(
            (order, line)
            for order in orders.values()
            for line in lines_of[order.order_id]
            if line.line_id in freed
        ),
        secured=queries.read_planned(session, order_ids=orders)[1],
        now=now,
    )
    for one in cancelled:
        lines = [
            {"line_id": each.line_id, "sku": each.order_line.sku, "quantity": each.quantity}
            for each in one.lines
        ]
        facts = rules.facts_of(one, orders[one.order_id])
        announce(session, events.ShipmentCancelled, **facts, reason=reason, lines=lines)
    return cancelled


def _announce_sent(session: Session, stored: Stored, sent: Planned) -> None:
    order = sent.order
    announce(
        session,
        ShipmentSent,
        **rules.facts_of(stored, order),
        currency=order.currency,
        is_billed_apart=order.is_billed_apart,
        bills_on=order.bills_on,
        shipped_on=sent.day,
        delivery_address=order.delivery_address,
        delivery_contact=order.delivery_contact,
        lines=[
            {
                "line_id": line.line_id,
                "sku": line.sku,
                "description": line.description,
                "quantity": sent.quantities[line.line_id],
                "unit_price": line.net_unit_price,
                "tax_percent": line.tax_percent,
            }
            for line in sent.lines
        ],
    )
