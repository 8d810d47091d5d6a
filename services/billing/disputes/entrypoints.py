"""The ways into disputes: events of the collections service, and what is known of them."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, consumes, query
from chassis.fields import page_of
from services.billing.disputes import queries, schemas, subscriptions, usecases


class Disputes:
    """What is contested is kept, what is upheld credited."""

    clock: Any
    caller: Any

    @consumes(*subscriptions.DISPUTE, takes_many=True)
    def take_disputes(self, session: Any, snapshots: Any) -> None:
        """Keep what is contested of items, and credit what was upheld."""
        usecases.take_disputes(
            session,
            snapshots,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )

    @query(
        "GET /v1/items/{item_id}/disputes",
        schemas.ItemDisputeQuery,
        returns=page_of(schemas.Dispute),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_item_disputes(self, session: Any, **values: Any) -> Any:
        """What was contested of an item, and what became of it."""
        return queries.list_disputes(session, **values)
