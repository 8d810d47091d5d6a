"""The way into batches of shipments."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.shipment_batches import schemas, usecases


class ShipmentBatches:
    """Many shipments at once."""

    @command(
        "POST /v1/shipment-batches",
        schemas.NewShipmentBatch,
        returns=schemas.ShipmentBatch,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def move_shipments(self, session, **values):
        """Assign, pick or ship up to 1,000 shipments at once, or send as many orders in one step, each as
        if it came alone after those before it. Each is done or refused by itself: a refused one is
        reported with its place and the reason, and the others are done all the same. A shipment is named
        once (`shipment_named_twice`)."""
        return usecases.move_shipments(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
