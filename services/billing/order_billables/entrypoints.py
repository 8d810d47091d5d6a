"""The way in of what is to be billed of orders: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.order_billables import subscriptions, usecases


class OrderBillables:
    """What of orders that are billed on order is to be billed in all."""

    @consumes(subscriptions.OrderBillableChanged, takes_many=True)
    def keep_order_billables(self, session: Any, changed: Any) -> None:
        """Keep the newest."""
        usecases.keep_billables(session, changed)
