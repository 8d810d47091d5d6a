"""The ways into late shipments."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, daily, query
from chassis.fields import NoFields, page_of
from services.sales.late_shipments import queries, schemas, subscriptions, usecases


class LateShipments:
    """What is promised for soon and not picked."""

    @daily(at="05:45")
    def note_late_shipments(self, session, day):
        """Note the lines that are promised for soon and not picked: their clients are to be told."""
        usecases.note_late_shipments(session, day=day, now=self.clock.now())

    @consumes(*subscriptions.ORDER_MOVED_ON, takes_many=True)
    def review_late_shipments(self, session, moved):
        """What has left, was cancelled, or is promised for another day is not late any more."""
        usecases.review_late_shipments(
            session,
            order_ids={one["order_id"] for one in moved},
            today=self.clock.today(),
            now=self.clock.now(),
        )

    @command(
        "POST /v1/late-shipments/{late_shipment_id}/told",
        schemas.TellLateShipment,
        returns=schemas.LateShipment,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def tell_late_shipment(self, session, **values):
        """Note that the client was told: nobody is to contact them about it any more. By when it comes
        now is promised by `POST /v1/orders/{order_id}/promises`."""
        return usecases.tell_late_shipment(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/late-shipments",
        schemas.LateShipmentQuery,
        returns=page_of(schemas.LateShipment),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_late_shipments(self, session, **values):
        """List what was not picked shortly before its promised day, what was promised first first."""
        return queries.list_late_shipments(session, **values)

    @query(
        "GET /v1/late-shipments/{late_shipment_id}",
        schemas.LateShipmentPath,
        returns=schemas.LateShipment,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_late_shipment(self, session, **values):
        """Read one late shipment."""
        return queries.get_late_shipment(session, **values)

    @command(
        "PUT /v1/promise-settings",
        schemas.SetPromiseSettings,
        returns=schemas.PromiseSettings,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def set_promise_settings(self, session, **values):
        """Say how many business days, by the holidays of the company's country, before its promised day a
        line that is not picked is late."""
        return usecases.set_promise_settings(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/promise-settings",
        NoFields,
        returns=schemas.PromiseSettings,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_promise_settings(self, session):
        """How many business days before its promised day a line that is not picked is late."""
        return queries.get_settings(session)
