"""The ways into stops."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.sales import subscriptions
from services.sales.accounts.queries import COPY_OF_BALANCES
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
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
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

    @consumes(subscriptions.CreditLimitChanged, takes_many=True)
    def keep_accounts_with_new_limits(self, session, snapshots):
        """Keep copies of accounts whose credit limit was changed, and see which orders fit it."""
        usecases.take_limits(session, snapshots, today=self.clock.today(), now=self.clock.now())

    @consumes(*subscriptions.BALANCE, takes_many=True, keeps=COPY_OF_BALANCES)
    def keep_balances(self, session, snapshots):
        """Keep copies of what accounts owe, each in one currency; stopped orders may fit again."""
        usecases.take_balances(session, snapshots, today=self.clock.today(), now=self.clock.now())

    @consumes(*subscriptions.ORDER_ENDED, takes_many=True)
    def review_after_orders(self, session, ended):
        """An order that ended makes room for others, and is not stopped any more."""
        account_ids = [one["account_id"] for one in ended]
        usecases.review_where_stopped(
            session, account_ids=account_ids, today=self.clock.today(), now=self.clock.now()
        )
