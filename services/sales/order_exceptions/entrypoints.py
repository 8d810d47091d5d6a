"""The ways into order exceptions; order_settling has the one by which they are settled."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.sales.order_exceptions import queries, schemas


class OrderExceptions:
    """What was undone of orders."""

    @query(
        "GET /v1/order-exceptions",
        schemas.ExceptionQuery,
        returns=page_of(schemas.OrderException),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_order_exceptions(self, session, **values):
        """List the shipments of orders that were cancelled, the invoices that were voided, and the orders
        of which too much is billed, the oldest first, with what a person said becomes of each."""
        return queries.list_exceptions(session, **values)

    @query(
        "GET /v1/order-exceptions/{exception_id}",
        schemas.ExceptionPath,
        returns=schemas.OrderException,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_order_exception(self, session, **values):
        """Read one with its lines."""
        return queries.get_exception(session, **values)
