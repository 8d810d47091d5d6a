"""The way in of order bills: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.order_bills import subscriptions, usecases


class OrderBills:
    """What sales asks of an order is billed, once for each time it asks."""

    clock: Any
    caller: Any

    @consumes(subscriptions.OrderBillAsked, takes_many=True)
    def answer_order_bill(self, session: Any, asked: Any) -> None:
        """Issue the invoices of lines of orders, or of shipments again, or refuse them with a reason."""
        usecases.answer_order_bills(
            session,
            asked,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )
