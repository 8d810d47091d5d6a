"""Reading which orders may be billed too much."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.orders.models import Order
from services.sales.orders.rules import BillsOn


def fetch_billed_on_order(session: Session, *, order_ids: Collection[str]) -> Sequence[Order]:
    """Those of these orders that are agreed and billed on order, locked in the order of their ids."""
    of_them = select(Order).where(
        Order.order_id.in_(order_ids),
        Order.bills_on == BillsOn.ORDER,
        Order.confirmed_at.is_not(None),
    )
    locked = of_them.order_by(Order.order_id).with_for_update(key_share=True)
    return session.scalars(locked.execution_options(populate_existing=True)).all()
