"""The ways into reservations."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import NoFields, page_of
from services.sales.reservations import queries, schemas, usecases


class Reservations:
    """What of the stock is kept for whom."""

    @query(
        "GET /v1/stock-reservations",
        schemas.ReservationQuery,
        returns=page_of(schemas.Reservation),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_stock_reservations(self, session, **values):
        """List what order lines want of the stock and what is reserved for them, what was wanted first
        first."""
        return queries.list_reservations(session, **values)

    @query(
        "GET /v1/stock-settings",
        NoFields,
        returns=schemas.KeptSettings,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_stock_settings(self, session, **values):
        """Read how stock is kept."""
        return queries.get_settings(session, **values)

    @command(
        "PUT /v1/stock-settings",
        schemas.StockSettings,
        returns=schemas.KeptSettings,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
    )
    def change_stock_settings(self, session, **values):
        """Say how stock is kept from now on. What was reserved before stays reserved."""
        return usecases.change_settings(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )
