"""The ways into promises."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.orders.schemas import Order
from services.sales.promises import queries, schemas, usecases


class Promises:
    """By when lines were promised, and whether that was kept."""

    @command(
        "POST /v1/orders/{order_id}/promises",
        schemas.MovePromises,
        returns=Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def move_promises(self, session, **values):
        """Promise lines of a confirmed order for another day. What was promised first is remembered, and
        judged by. Refused with `nothing_open`, `promised_in_past`, `too_far_ahead`."""
        return usecases.move_promises(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/back-orders",
        schemas.BackOrderQuery,
        returns=page_of(schemas.BackOrder),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_back_orders(self, session, **values):
        """List order lines of which something has left and something is open, by order."""
        return queries.list_back_orders(session, **values)

    @query(
        "GET /v1/reports/kept-promises",
        schemas.Period,
        returns=schemas.KeptPromises,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def report_kept_promises(self, session, **values):
        """How many of the lines that were promised for days of a period had left by then."""
        return queries.report_kept_promises(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/promised-lines",
        schemas.PromiseQuery,
        returns=page_of(schemas.PromisedLine),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_promises(self, session, **values):
        """List the lines that were promised first for days of a period: what the report counts."""
        return queries.list_promises(session, today=self.clock.today(), **values)
