"""What can be done with shipments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.sales import events
from services.sales.accounts.rules import require_supplied
from services.sales.accounts.usecases import fetch_account_for_change
from services.sales.orders import queries as order_queries
from services.sales.orders import usecases as order_usecases
from services.sales.orders.models import Order
from services.sales.orders.rules import Action, require_move, totals
from services.sales.shipments import rules
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.stops.usecases import require_not_stopped


def send_shipment(
    session: Session,
    *,
    order_id: str,
    lines: list[dict[str, Any]] | None,
    shipped_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Shipment:
    """Send some or all of what is open of an order, unless the account must not be supplied."""
    order = fetch_for_change(session, Order, order_id)
    require_move(Action.SHIP, status=order.status, number=order.number)
    account = fetch_account_for_change(session, order.account_id)
    require_supplied(order_queries.read_standing(session, account, currency=order.currency))
    require_not_stopped(session, order, account, today=today, now=now)
    quantities = rules.quantities_to_send(
        {line.line_id: line.quantities.to_ship for line in order.lines if not line.is_return_line},
        None if lines is None else [(line["line_id"], line["quantity"]) for line in lines],
    )
    shipment = _pack(order, quantities, rules.day_of_shipping(shipped_on, today=today))
    shipment.sent_at, shipment.sent_by = now, by
    session.add(shipment)
    session.flush()
    _announce_sent(session, order, shipment)
    order_usecases.record_shipped(session, order, quantities=quantities, gross=shipment.total_gross)
    return shipment


def _pack(order: Order, quantities: dict[str, Decimal], shipped_on: date) -> Shipment:
    sent = [line for line in order.lines if line.line_id in quantities]
    total = totals(line.part(quantities[line.line_id]) for line in sent)
    return Shipment(
        shipment_id=new_id("shp"),
        account_id=order.account_id,
        order_id=order.order_id,
        currency=order.currency,
        shipped_on=shipped_on,
        total_net=total.net,
        total_gross=total.gross,
        lines=[
            ShipmentLine(position=line.position, order_line=line, quantity=quantities[line.line_id])
            for line in sent
        ],
    )


def _announce_sent(session: Session, order: Order, shipment: Shipment) -> None:
    announce(
        session,
        events.ShipmentSent,
        account_id=order.account_id,
        shipment_id=shipment.shipment_id,
        number=shipment.number,
        order_id=order.order_id,
        order_number=order.number,
        client_order_number=order.reference,
        currency=order.currency,
        is_billed_apart=order.is_billed_apart,
        shipped_on=shipment.shipped_on,
        lines=[
            {
                "line_id": line.line_id,
                "sku": line.order_line.sku,
                "description": line.order_line.description,
                "quantity": line.quantity,
                "unit_price": line.order_line.net_unit_price,
                "tax_percent": line.order_line.tax_percent,
            }
            for line in shipment.lines
        ],
    )
