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
        """Say what becomes of a shipment of an order that was cancelled, or of an invoice that was
        voided.

        again: what the invoice had billed is asked to be billed again, as far as it is not meanwhile;
        what was in the shipment stays open, to be shipped. leave: it is not billed, or not shipped, any
        more. Once (`exception_settled`)."""
        return usecases.settle_exception(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )
