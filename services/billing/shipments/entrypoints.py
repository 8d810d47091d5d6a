"""The way in of shipments: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.shipments import usecases


class Shipments:
    """What was sent is invoiced."""

    clock: Any
    caller: Any

    @consumes(subscriptions.ShipmentSent)
    def bill_shipment(self, session: Any, **values: Any) -> None:
        """Issue the invoice for what was shipped."""
        usecases.bill_shipment(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
