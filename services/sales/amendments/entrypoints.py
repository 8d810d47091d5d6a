"""The ways into amendments of orders."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.amendments import schemas, usecases
from services.sales.orders.schemas import Order


class Amendments:
    """What is changed after it was agreed."""

    @command(
        "POST /v1/orders/{order_id}/amend",
        schemas.AmendOrder,
        returns=Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def amend_order(self, session, **values):
        """Change an order that was confirmed: lines more, other quantities, prices, promised days, or the
        client's order number.

        Never less than left the house (`below_shipped`), no other price of what did (`line_begun`), no
        other quantity of what comes back by a return (`return_opened`); a promised day is not before
        today. For what it adds, as at confirming: `product_retired`, `account_not_active`, `credit_hold`,
        `credit_limit_exceeded`. It makes a new version of the order (`GET
        /v1/orders/{order_id}/versions`), which the client may accept later, too."""
        return usecases.amend_order(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
