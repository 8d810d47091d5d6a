"""The ways into shipments, once they are there."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.sales import subscriptions
from services.sales.shipments import queries, schemas, usecases


class Shipments:
    """What is to leave the house, and has left."""

    @command(
        "POST /v1/shipments/{shipment_id}/deliver",
        schemas.DeliverShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def deliver_shipment(self, session, **values):
        """Note when a shipment arrived, who took it, and what proves it. Refused with
        `delivered_in_future` and `delivered_before_shipped`."""
        return usecases.deliver_shipment(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/shipments/{shipment_id}/cancel",
        schemas.CancelShipment,
        returns=schemas.Shipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def cancel_shipment(self, session, **values):
        """Give up a shipment that has not left. What was in it is open again, and free for others;
        whether it is shipped again, a person says of the order exception that is raised."""
        return usecases.cancel_shipment(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/orders/{order_id}/shipments",
        schemas.ShipmentsOfOrder,
        returns=page_of(schemas.Shipment),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_shipments(self, session, **values):
        """List an order's shipments in the order they were entered, whether they have left or not."""
        return queries.list_order_shipments(session, **values)

    @query(
        "GET /v1/shipments",
        schemas.ShipmentQuery,
        returns=page_of(schemas.Shipment),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_shipments_of_all(self, session, **values):
        """List shipments, those that leave first first."""
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

    @consumes(*subscriptions.ORDER_ENDED, takes_many=True)
    def cancel_shipments_of_ended_orders(self, session, ended):
        """Of an order that ended nothing more leaves: what is planned of it is given up."""
        usecases.cancel_of_ended(
            session,
            order_ids=[one["order_id"] for one in ended],
            now=self.clock.now(),
            by=self.caller.subject,
        )
