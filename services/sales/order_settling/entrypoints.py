"""The way in of settling order exceptions."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.order_exceptions.schemas import OrderException, SettleException
from services.sales.order_settling import usecases


class OrderSettling:
    """What becomes of what was undone of orders."""

    @command(
        "POST /v1/order-exceptions/{exception_id}/settle",
        SettleException,
        returns=OrderException,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def settle_order_exception(self, session, **values):
        """Say what becomes of a shipment of an order that was cancelled, of an invoice that was voided,
        or of what is billed too much.

        again: what the invoice had billed is asked to be billed again, as far as it is not meanwhile;
        what was in the shipment stays open, to be shipped. leave: it is not billed, or not shipped, any
        more. What is billed too much stays so by leave; billing credits it, which settles it by itself
        (`credited_in_billing`). Once (`exception_settled`)."""
        return usecases.settle_exception(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
