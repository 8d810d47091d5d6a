"""Keep the copy of orders."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.billing.orders.models import Order


def keep_order(session: Session, *, currency: str | None, **snapshot: Any) -> None:
    """Store a snapshot of an order unless a newer one is here already; older events leave out the
    currency."""
    known = snapshot if currency is None else {**snapshot, "currency": currency}
    keep_newest(session, Order, [known])
