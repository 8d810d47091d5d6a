"""The ways into tolerances."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from services.sales.tolerances import queries, schemas, usecases


class ShipmentTolerances:
    """How much less or more than was ordered may be shipped."""

    @command(
        "PUT /v1/products/{product_id}/shipment-tolerance",
        schemas.NewProductTolerance,
        returns=schemas.ProductTolerance,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def set_product_tolerance(self, session, **values):
        """Say how much less or more of a product than was ordered may be shipped, from now on: with 0.95
        and 1.05, of 40 ordered 38 complete the line and 42 may go. Refused with `invalid_tolerance`."""
        return usecases.set_product_tolerance(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/products/{product_id}/shipment-tolerance",
        schemas.ProductPath,
        returns=schemas.ProductTolerance,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_product_tolerance(self, session, **values):
        """How much less or more of a product than was ordered may be shipped."""
        return queries.get_product_tolerance(session, **values)

    @command(
        "PUT /v1/accounts/{account_id}/shipment-tolerance",
        schemas.NewAccountTolerance,
        returns=schemas.AccountTolerance,
        scope="sales:write",
    )
    def set_account_tolerance(self, session, **values):
        """Say what is agreed with a client; it counts instead of what is tolerated of each product.
        Refused with `invalid_tolerance`."""
        return usecases.set_account_tolerance(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/shipment-tolerance",
        schemas.AccountPath,
        returns=schemas.AccountTolerance,
        scope="sales:read",
    )
    def get_account_tolerance(self, session, **values):
        """How much less or more than was ordered may be shipped to a client."""
        return queries.get_account_tolerance(session, **values)
