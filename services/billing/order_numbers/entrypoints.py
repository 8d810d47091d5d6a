"""The way in of what clients call their orders: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.order_numbers import subscriptions, usecases


class OrderNumbers:
    """What waits to be billed bears what the client calls the order."""

    clock: Any
    caller: Any

    @consumes(*subscriptions.AMENDED, takes_many=True)
    def take_order_numbers(self, session: Any, amended: Any) -> None:
        """Name what is pending of amended orders; bills that lacked the number may go out."""
        usecases.take_order_numbers(
            session,
            amended,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )
