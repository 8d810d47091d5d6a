"""The ways into versions of orders."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.order_versions import queries, schemas, usecases


class OrderVersions:
    """What was agreed, from when until when."""

    @query(
        "GET /v1/orders/{order_id}/versions",
        schemas.VersionQuery,
        returns=page_of(schemas.OrderVersion),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_order_versions(self, session, **values):
        """List what an order was: as it was confirmed, then after each amendment, with what that changed.
        A draft has no versions."""
        return queries.list_versions(session, **values)

    @command(
        "POST /v1/orders/{order_id}/versions/{revision}/accept",
        schemas.AcceptVersion,
        returns=schemas.OrderVersion,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def accept_order_version(self, session, **values):
        """Record that the client accepted a version of an order: who of them, when and how. Once for each
        version (`already_accepted`)."""
        return usecases.accept_version(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
