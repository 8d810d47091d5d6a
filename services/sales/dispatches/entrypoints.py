"""The ways by which goods leave."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.dispatches import usecases
from services.sales.shipments import schemas
from services.sales.shipments.rules import Step


class Dispatches:
    """Goods are reserved, picked and sent."""

    @command(
        "POST /v1/orders/{order_id}/shipments",
        schemas.NewShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def send_shipment(self, session, **values):
        """Send some or all of what is open of a confirmed order, in one step. It is invoiced thereupon.

        Refused with `more_than_open` and `nothing_to_send`; with `account_not_active` or `credit_hold`
        where the account's standing has changed since the order was confirmed; with `order_stopped`
        where the credit limit was lowered since and has no room for it."""
        return usecases.send_shipment(session, **self._moment(), **values)

    @command(
        "POST /v1/shipments",
        schemas.DraftShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def draft_shipment(self, session, **values):
        """Put some or all of what is open of a confirmed order into a shipment that is to leave: then
        assign, pick and ship it. Refused with `more_than_open` and `nothing_to_send`."""
        return usecases.draft_shipment(session, **self._moment(), **values)

    @command(
        "POST /v1/shipments/{shipment_id}/assign",
        schemas.ShipmentPath,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def assign_shipment(self, session, **values):
        """Reserve the goods of a draft."""
        return usecases.move_shipment(session, step=Step.ASSIGN, **self._moment(), **values)

    @command(
        "POST /v1/shipments/{shipment_id}/pick",
        schemas.PickShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def pick_shipment(self, session, **values):
        """Note that the goods of a shipment were picked: as assigned, or other quantities; what was not
        picked is open again.

        Refused with `more_than_open`; with `account_not_active`, `credit_hold` or `order_stopped` where
        the account is not to be supplied now."""
        return usecases.move_shipment(session, step=Step.PICK, **self._moment(), **values)

    @command(
        "POST /v1/shipments/{shipment_id}/ship",
        schemas.ShipShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def ship_shipment(self, session, **values):
        """Note that a picked shipment has left. It is invoiced thereupon. Refused as picking is."""
        return usecases.move_shipment(session, step=Step.SHIP, **self._moment(), **values)

    def _moment(self):
        today, now = self.clock.today(), self.clock.now()
        return {"today": today, "now": now, "by": self.caller.subject}
