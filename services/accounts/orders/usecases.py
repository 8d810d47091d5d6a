"""What happens to orders: sales tells, we keep a copy."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.accounts.orders.models import AccountOrder


def keep_orders(session: Session, told: Rows) -> None:
    """Keep the newest of what sales told of orders, in whatever order it came. What an order comes to is
    told when it is confirmed or amended alone."""
    keep_newest(session, AccountOrder, [one for one in told if "total_gross" in one])
    keep_newest(session, AccountOrder, [one for one in told if "total_gross" not in one])
