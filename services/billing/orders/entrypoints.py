"""The ways into billing's copy of orders: events of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.orders import queries, usecases


class Orders:
    """Every change of an order that others hear of says whose it is; the newest is kept."""

    @consumes(*subscriptions.ORDER, takes_many=True, keeps=queries.COPY)
    def keep_orders(self, session: Any, snapshots: Any) -> None:
        """Copy orders that were confirmed, cancelled or completed."""
        usecases.keep_orders(session, snapshots)
