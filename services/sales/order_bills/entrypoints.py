"""The ways into order bills: what billing answers, and lists; by order_money it is asked."""

from __future__ import annotations

from chassis.contract import Reach, consumes, query
from chassis.fields import page_of
from services.sales.order_bills import queries, schemas, subscriptions, usecases


class OrderBills:
    """What billing was asked to bill of orders."""

    @consumes(subscriptions.OrderBilled, subscriptions.DepositBilled, takes_many=True)
    def note_order_billed(self, session, billed):
        """Note the invoices by which something of orders is billed."""
        usecases.hear_billed(session, billed, now=self.clock.now())

    @consumes(subscriptions.OrderBillRefused, subscriptions.DepositRefused, takes_many=True)
    def note_order_bill_refused(self, session, refused):
        """Note what of orders cannot be billed, and have a person look at each."""
        usecases.hear_refused(session, refused, today=self.clock.today(), now=self.clock.now())

    @consumes(*subscriptions.ORDER_ENDED, takes_many=True)
    def give_up_deposits(self, session, ended):
        """No deposit is asked for any more of orders that ended."""
        usecases.give_up_deposits(
            session,
            order_ids=[one["order_id"] for one in ended],
            now=self.clock.now(),
            by=self.caller.subject,
        )

    @query(
        "GET /v1/order-bills",
        schemas.OrderBillQuery,
        returns=page_of(schemas.OrderBill),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_order_bills(self, session, **values):
        """List what billing was asked to bill of orders by itself, and deposits, the newest first, with
        what it answered."""
        return queries.list_order_bills(session, **values)

    @query(
        "GET /v1/order-bills/{bill_id}",
        schemas.OrderBillPath,
        returns=schemas.OrderBill,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_order_bill(self, session, **values):
        """Read one with its lines."""
        return queries.get_order_bill(session, **values)
