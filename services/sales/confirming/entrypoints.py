"""The way in for agreeing to orders."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.confirming import queries, usecases
from services.sales.orders import schemas


class Confirming:
    """Orders are agreed to."""

    @command(
        "POST /v1/orders/{order_id}/confirm",
        schemas.OrderPath,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        takes_many=True,
        whose=queries.WHOSE,
    )
    def confirm_order(self, session, asked):
        """Agree to a draft, if the account's standing allows it.

        Refused with `product_retired` where a product was taken off sale since, with
        `purchase_order_missing` where the account demands its order number, and with
        `account_not_active`, `credit_hold` or `credit_limit_exceeded`; the last when balance + confirmed
        orders not invoiced yet + this order's gross total exceed the credit limit. The limit holds in
        the account's currency; in another currency an account with a limit can order what it has paid
        for in advance."""
        return usecases.confirm_orders(
            session, asked=asked, today=self.clock.today(), now=self.clock.now()
        )
