"""The ways into what is on hand."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.sales.counts.rules import see
from services.sales.on_hand import queries, schemas


class OnHand:
    """What is on hand, reserved and available."""

    @query(
        "GET /v1/stock",
        schemas.StockQuery,
        returns=page_of(schemas.Stock),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_stock(self, session, **values):
        """List what is on hand, reserved and available of each product that is kept in stock, by sku:
        now, as of any day, and as it was known at any moment. What is being counted blind is hidden from
        whoever counts it, and whoever may not approve counts."""
        return queries.list_stock(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            then=self.clock.day_of(values["known_at"] or self.clock.now()),
            onlooker=see(self.caller.subject, self.caller.scopes),
            **values,
        )

    @query(
        "GET /v1/stock/{product_id}",
        schemas.StockPath,
        returns=schemas.StockAtPlaces,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_stock(self, session, **values):
        """Read what is on hand of one product, and where. Refused with `product_not_stocked` where it is
        not kept in stock."""
        return queries.get_stock(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            then=self.clock.day_of(values["known_at"] or self.clock.now()),
            onlooker=see(self.caller.subject, self.caller.scopes),
            **values,
        )

    @query(
        "GET /v1/stock-values",
        schemas.ValueQuery,
        returns=page_of(schemas.StockValue),
        scope="sales:read",
        reach=Reach.EVERYTHING,
    )
    def list_stock_values(self, session, **values):
        """List what that which is on hand is worth, by sku: as of any day, and as it was known at any
        moment. Costs are moving averages."""
        return queries.list_stock_values(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            then=self.clock.day_of(values["known_at"] or self.clock.now()),
            onlooker=see(self.caller.subject, self.caller.scopes),
            **values,
        )
