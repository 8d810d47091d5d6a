"""The way into deliveries."""

from __future__ import annotations

from chassis.contract import Reach, query
from services.sales.deliveries import queries, schemas


class Deliveries:
    """How orders' goods come to their clients."""

    @query(
        "GET /v1/orders/{order_id}/delivery",
        schemas.OrderPath,
        returns=schemas.Delivery,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_delivery(self, session, **values):
        """What happened to an order's goods, step by step, each with the event that told it; what they
        wait for, and since when."""
        return queries.get_delivery(session, **values)
