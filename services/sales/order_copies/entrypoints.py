"""The ways into copies of orders."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.order_copies import schemas, usecases
from services.sales.orders.schemas import Order


class OrderCopies:
    """The same again."""

    @command(
        "POST /v1/orders/{order_id}/copy",
        schemas.CopyOrder,
        returns=Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def copy_order(self, session, **values):
        """Draft the same order again, at the products' prices of today with the discounts of then.

        What came back with it is left out, and so are promised days and the client's order number.
        Refused with `product_retired` where a product was taken off sale since, unless it is to be left
        out; `warnings` of the answer then name it."""
        return usecases.copy_order(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
