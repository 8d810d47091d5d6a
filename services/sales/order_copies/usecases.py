"""What can be done with copies of orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.drafting.usecases import create_order
from services.sales.order_copies import rules
from services.sales.orders.models import Order
from services.sales.products import queries as product_queries


def copy_order(
    session: Session,
    *,
    order_id: str,
    reference: str | None,
    leaves_out_retired: bool,
    today: date,
    now: datetime,
    by: str,
    **destination: Any,
) -> Order:
    """Draft the same again for the same account, at the products' prices of this moment. What came back
    with the order is left out; promised days and the client's order number are not those of then, and the
    goods go to the destination given, else to the account's own."""
    copied = fetch(session, Order, order_id)
    found = product_queries.find_products(
        session, product_ids={line.product_id for line in copied.lines}, skus=()
    )
    again = rules.order_again(
        copied.lines,
        {product.product_id: product for product in found.values()},
        number=copied.number,
        currency=copied.currency,
        leaves_out_retired=leaves_out_retired,
    )
    order = create_order(
        session,
        account_id=copied.account_id,
        currency=copied.currency,
        reference=reference,
        is_billed_apart=copied.is_billed_apart,
        note=copied.note,
        bills_on=copied.bills_on,
        ships_on=copied.ships_on,
        deposit_percent=copied.deposit_percent,
        lines=again.lines,
        today=today,
        now=now,
        by=by,
        **destination,
    )
    order.warn([*again.warnings, *order.warnings])
    return order
