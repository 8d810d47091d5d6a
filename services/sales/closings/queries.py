"""Reads of what may be in the way of closing an account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from services.sales.closings.rules import NAMED_MAX
from services.sales.invoices.models import BilledShipment, OrderInvoice
from services.sales.orders.models import Order
from services.sales.orders.rules import OrderStatus
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import GONE


def find_open_orders(session: Session, *, account_id: str) -> Sequence[str]:
    """The numbers of an account's confirmed orders of which something is not shipped, oldest first, one
    more than are named."""
    is_open = Order.status.in_([OrderStatus.CONFIRMED, OrderStatus.PROCESSING])
    return _numbers(session, account_id, is_open)


def find_orders_not_invoiced(session: Session, *, account_id: str) -> Sequence[str]:
    """The numbers of an account's orders with a shipment of which billing has not told an invoice, one
    more than are named. What was invoiced ahead counts, and so does an invoice that was voided: what
    became of it is no secret any more."""
    is_told = or_(
        exists().where(OrderInvoice.shipment_id == Shipment.shipment_id),
        exists().where(BilledShipment.shipment_id == Shipment.shipment_id),
    )
    has_secret = exists().where(
        Shipment.order_id == Order.order_id,
        Shipment.status.in_(GONE),
        Shipment.total_gross > 0,
        ~is_told,
    )
    return _numbers(session, account_id, (Order.not_invoiced > 0) & has_secret)


def _numbers(session: Session, account_id: str, is_meant: ColumnElement[bool]) -> Sequence[str]:
    numbers = select(Order.number).where(Order.account_id == account_id, is_meant)
    return session.scalars(
        numbers.order_by(Order.ordered_on, Order.number).limit(NAMED_MAX + 1)
    ).all()
