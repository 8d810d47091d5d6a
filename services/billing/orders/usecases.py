"""Keep the copy of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.billing.orders.models import Order


def keep_orders(session: Session, snapshots: Sequence[Mapping[str, Any]]) -> None:
    """Store snapshots of orders unless newer ones are here already; older events leave out the
    currency, which then stays as it is."""
    whole = [one for one in snapshots if one["currency"] is not None]
    others = [{**one} for one in snapshots if one["currency"] is None]
    for one in others:
        del one["currency"]
    for rows in (whole, others):
        keep_newest(session, Order, rows)
