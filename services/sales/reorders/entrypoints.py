"""The ways into reorder levels."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.counts.rules import see
from services.sales.reorders import queries, schemas, usecases


class Reorders:
    """When products are to be ordered anew."""

    @command(
        "PUT /v1/reorder-levels/{product_id}",
        schemas.SetReorderLevel,
        returns=schemas.ReorderLevel,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def set_reorder_level(self, session, **values):
        """Say when a product is to be ordered anew: once no more than so much of it is available."""
        return usecases.set_reorder_level(
            session,
            onlooker=see(self.caller.subject, self.caller.scopes),
            today=self.clock.today(),
            **values,
        )

    @command(
        "DELETE /v1/reorder-levels/{product_id}",
        schemas.ReorderPath,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def remove_reorder_level(self, session, **values):
        """Take a product's reorder level away: it is not listed any more."""
        usecases.remove_reorder_level(session, **values)

    @query(
        "GET /v1/reorder-levels",
        schemas.ReorderQuery,
        returns=page_of(schemas.ReorderLevel),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_reorder_levels(self, session, **values):
        """List reorder levels by sku; with is_reached=true those products that are to be ordered anew."""
        return queries.list_reorder_levels(
            session,
            onlooker=see(self.caller.subject, self.caller.scopes),
            today=self.clock.today(),
            **values,
        )
