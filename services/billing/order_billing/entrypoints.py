"""The way into what is billed of orders."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from services.billing.order_billing import queries, schemas


class OrderBilling:
    """What of an order is billed, and what is to be."""

    @query(
        "GET /v1/orders/{order_id}/billing",
        schemas.OrderPath,
        returns=schemas.OrderBilling,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_order_billing(self, session: Any, **values: Any) -> Any:
        """What of an order was shipped, came back, was billed and credited, and what is to be billed, by
        order lines: computed anew from all that was heard and issued."""
        return queries.get_order_billing(session, **values)
