"""Reading what is to be billed of orders that are billed on order."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.order_billables.models import OrderBillable


def read_billables(session: Session, *, order_id: str, account_id: str) -> dict[str, OrderBillable]:
    """What is to be billed of an order's lines in all, by line, in their order; nothing of one that is
    billed as it is shipped."""
    of_it = select(OrderBillable).where(
        OrderBillable.order_id == order_id, OrderBillable.account_id == account_id
    )
    found = session.scalars(of_it.order_by(OrderBillable.position))
    return {one.order_line_id: one for one in found}
