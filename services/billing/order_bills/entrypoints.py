"""The way in of order bills: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.order_bills import subscriptions, usecases


class OrderBills:
    """What sales asks of an order is billed, once for each time it asks."""

    clock: Any
    caller: Any

    @consumes(subscriptions.OrderBillAsked)
    def answer_order_bill(self, session: Any, **values: Any) -> None:
        """Issue the invoice of lines of an order, or of a shipment again, or refuse it with a reason."""
        usecases.answer_order_bill(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
