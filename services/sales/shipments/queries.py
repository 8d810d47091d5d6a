"""Reading shipments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.orders.models import Order
from services.sales.shipments.models import Shipment


def get_shipment(session: Session, *, shipment_id: str) -> Shipment:
    """One shipment with its lines."""
    return fetch(session, Shipment, shipment_id)


def list_shipments(
    session: Session, *, order_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of an order's shipments in the order they were entered."""
    fetch(session, Order, order_id)
    statement = select(Shipment).where(Shipment.order_id == order_id)
    return read_page(session, statement, by=[Shipment.number], limit=limit, after=after)
