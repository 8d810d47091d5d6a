"""Let what waits to be billed bear what the client calls the order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.billing.billables.usecases import name_orders
from services.billing.billing_runs.usecases import retry_bills_that_lack_numbers
from services.billing.order_numbers.models import OrderNumber


def take_order_numbers(
    session: Session, amended: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Note what clients call orders that were amended. What is pending of them bears it, and bills that
    were parked because it was missing are judged again."""
    kept = keep_newest(session, OrderNumber, amended)
    named = select(OrderNumber.order_id, OrderNumber.client_order_number).where(
        OrderNumber.order_id.in_([one.order_id for one in kept]),
        OrderNumber.client_order_number.is_not(None),
    )
    numbers = {order_id: number for order_id, number in session.execute(named) if number}
    accounts = name_orders(session, numbers)
    retry_bills_that_lack_numbers(session, account_ids=accounts, today=today, now=now, by=by)
