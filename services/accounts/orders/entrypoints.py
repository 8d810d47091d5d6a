"""The ways into orders."""

from __future__ import annotations

from chassis.contract import consumes
from services.accounts import subscriptions
from services.accounts.orders import usecases
from services.accounts.orders.queries import COPY


class Orders:
    """The copy of sales' orders."""

    @consumes(*subscriptions.ORDERS, takes_many=True, keeps=COPY)
    def keep_orders(self, session, told):
        """Keep the newest of what sales tells of orders."""
        usecases.keep_orders(session, told)
