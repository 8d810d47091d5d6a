"""The way into what is to be billed: it is read here, and comes from its sources."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.billing.billables import queries, schemas


class Billables:
    """What is to be billed."""

    @query(
        "GET /v1/billables",
        schemas.BillableQuery,
        returns=page_of(schemas.Billable),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_billables(self, session: Any, **values: Any) -> Any:
        """What is to be billed, and what was: the earliest recorded first. Billing runs bill it."""
        return queries.list_billables(session, **values)
