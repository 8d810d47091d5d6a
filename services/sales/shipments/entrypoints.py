"""The ways into shipments."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.shipments import queries, schemas, usecases


class Shipments:
    """What has left the house."""

    @command(
        "POST /v1/orders/{order_id}/shipments",
        schemas.NewShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def send_shipment(self, session, **values):
        """Send some or all of what is open of a confirmed order. It is invoiced thereupon.

        Refused with `more_than_open` where a line has less left; with `account_not_active` or
        `credit_hold` where the account's standing has changed since the order was confirmed; with
        `order_stopped` where the credit limit was lowered since and has no room for it."""
        return usecases.send_shipment(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/orders/{order_id}/shipments",
        schemas.ShipmentQuery,
        returns=page_of(schemas.Shipment),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_shipments(self, session, **values):
        """List an order's shipments in the order they were entered."""
        return queries.list_shipments(session, **values)

    @query(
        "GET /v1/shipments/{shipment_id}",
        schemas.ShipmentPath,
        returns=schemas.Shipment,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_shipment(self, session, **values):
        """Read one shipment with its lines."""
        return queries.get_shipment(session, **values)
