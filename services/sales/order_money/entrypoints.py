"""The ways into the money of orders."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from services.sales.order_bills.schemas import OrderBill, OrderBillPath
from services.sales.order_money import queries, schemas, usecases
from services.sales.orders.schemas import OrderPath


class OrderMoney:
    """What of orders is billed, to be billed, paid for, and may go."""

    @query(
        "GET /v1/orders/{order_id}/money",
        OrderPath,
        returns=schemas.OrderMoney,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_order_money(self, session, **values):
        """What became of the money of an order: line by line what is billed, to be billed, paid for and
        may go, all judged by quantities and computed anew; what billing was asked to bill by itself and
        what it answered; what a person has to settle."""
        return queries.get_order_money(session, **values)

    @command(
        "POST /v1/orders/{order_id}/bills",
        schemas.DraftOrderBill,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def draft_order_bill(self, session, **values):
        """Draft what of an order that is billed on order is to be billed now: these lines, or all that is
        left. Confirming has asked for all of it already; of what is undone, more is left to be billed."""
        return usecases.draft_order_bill(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "PUT /v1/order-bills/{bill_id}/lines",
        schemas.ChangeOrderBill,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def change_order_bill(self, session, **values):
        """Let a draft bill other quantities; what it does not bill stays to be billed."""
        return usecases.change_order_bill(session, **values)

    @command(
        "POST /v1/order-bills/{bill_id}/ask",
        OrderBillPath,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def ask_order_bill(self, session, **values):
        """Have billing bill a draft. Refused with `more_than_to_bill` where less is left by now."""
        return usecases.ask_order_bill(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/order-bills/{bill_id}/withdraw",
        OrderBillPath,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def withdraw_order_bill(self, session, **values):
        """Give a draft up; what it would have billed stays to be billed."""
        return usecases.withdraw_order_bill(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/order-bills/{bill_id}/give-up",
        OrderBillPath,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def give_up_order_bill(self, session, **values):
        """Ask for what billing refused no more: it leaves the worklist, and stays to be billed."""
        return usecases.give_up_order_bill(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/orders/{order_id}/deposit",
        OrderPath,
        returns=OrderBill,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def ask_deposit(self, session, **values):
        """Ask for the deposit of an order again that billing refused, or whose invoice was voided."""
        return usecases.ask_deposit_again(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )
