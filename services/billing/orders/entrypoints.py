"""The ways into billing's copy of orders: events of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.orders import usecases


class Orders:
    """Every change of an order that others hear of says whose it is; the newest is kept."""

    @consumes(subscriptions.OrderConfirmed)
    def keep_confirmed_order(self, session: Any, **values: Any) -> None:
        """Copy an order that was confirmed."""
        usecases.keep_order(session, **values, is_ended=False)

    @consumes(subscriptions.OrderCancelled)
    def keep_cancelled_order(self, session: Any, **values: Any) -> None:
        """Copy an order that was cancelled."""
        usecases.keep_order(session, **values, is_ended=True)

    @consumes(subscriptions.OrderCompleted)
    def keep_completed_order(self, session: Any, **values: Any) -> None:
        """Copy an order that was completed."""
        usecases.keep_order(session, **values, is_ended=True)
