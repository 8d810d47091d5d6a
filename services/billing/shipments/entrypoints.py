"""The way in of shipments: events of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.shipments import usecases


class Shipments:
    """What was sent is invoiced."""

    clock: Any
    caller: Any

    @consumes(subscriptions.ShipmentSent, takes_many=True)
    def bill_shipment(self, session: Any, shipments: Any) -> None:
        """Issue the invoices for what was shipped."""
        usecases.bill_shipments(
            session,
            shipments,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )
