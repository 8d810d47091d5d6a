"""Reads of the copy of orders."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.orders.models import Order
from services.billing.orders.rules import require_own_order

COPY = select(Order).where(Order.version > 0)
"""What we keep of sales' orders, but for those that we know by a shipment only."""


def find_orders(session: Session, *, order_ids: Collection[str]) -> dict[str, Order]:
    """The copies of orders by id; those without a copy are left out."""
    if not order_ids:
        return {}
    found = session.scalars(select(Order).where(Order.order_id.in_(order_ids)))
    return {order.order_id: order for order in found}


def require_order(
    session: Session, *, order_id: str | None, account_id: str, currency: str
) -> None:
    """Where an order is named, it is the account's own; NotKnownYet where its event has not come."""
    if order_id is not None:
        order = find_orders(session, order_ids=[order_id]).get(order_id)
        require_own_order(order, order_id=order_id, account_id=account_id, currency=currency)
