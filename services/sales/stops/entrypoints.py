"""The ways into stops."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.sales import subscriptions
from services.sales.orders.schemas import Order
from services.sales.stops import queries, schemas, usecases


class Stops:
    """Stops orders that a lowered credit limit has no room for."""

    @command(
        "POST /v1/orders/{order_id}/release",
        schemas.ReleaseOrder,
        returns=Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def release_order(self, session, **values):
        """Let a stopped order be shipped although the credit limit has no room for it; it then counts as
        agreed under the present limit. Refused with `order_not_stopped` where nothing stops it."""
        return usecases.release_order(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/order-stops",
        schemas.StopQuery,
        returns=page_of(schemas.OrderStop),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_order_stops(self, session, **values):
        """List the orders that were or are stopped since the credit limit was lowered, oldest first."""
        return queries.list_stops(session, **values)

    @consumes(subscriptions.CreditLimitChanged)
    def keep_account_with_new_limit(self, session, **snapshot):
        """Keep a copy of an account whose credit limit was changed, and see which orders fit it."""
        usecases.take_limit(session, now=self.clock.now(), **snapshot)

    @consumes(subscriptions.BalanceChanged)
    def keep_balance(self, session, **snapshot):
        """Keep a copy of what an account owes in one currency; stopped orders may fit again."""
        usecases.take_balance(session, now=self.clock.now(), **snapshot)

    @consumes(subscriptions.OrderCancelled)
    def review_after_cancelling(self, session, *, account_id):
        """A cancelled order makes room for others, and is not stopped any more."""
        usecases.review_where_stopped(session, account_id=account_id, now=self.clock.now())

    @consumes(subscriptions.OrderCompleted)
    def review_after_completing(self, session, *, account_id):
        """A completed order is not stopped any more; its rest may have been cancelled."""
        usecases.review_where_stopped(session, account_id=account_id, now=self.clock.now())
