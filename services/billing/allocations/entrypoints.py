"""The ways into allocations."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.billing.allocations import queries, schemas


class Allocations:
    """What was set against items."""

    @query(
        "GET /v1/items/{item_id}/allocations",
        schemas.ItemAllocationQuery,
        returns=page_of(schemas.Allocation),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_item_allocations(self, session: Any, **values: Any) -> Any:
        """What was set against an item, with what of it was reversed."""
        return queries.list_allocations(session, **values)
