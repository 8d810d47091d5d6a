"""Keep what is to be billed in all of orders that are billed on order."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.billing.order_billables.models import OrderBillable


def keep_billables(session: Session, changed: Rows) -> None:
    """Store what is to be billed of these orders, unless newer is here already."""
    rows = [
        {
            **{name: one[name] for name in ("account_id", "order_id", "version")},
            "order_line_id": line["line_id"],
            "position": position,
            **{name: line[name] for name in ("description", "quantity", "kept")},
        }
        for one in changed
        for position, line in enumerate(one["lines"], start=1)
    ]
    keep_newest(session, OrderBillable, rows)
