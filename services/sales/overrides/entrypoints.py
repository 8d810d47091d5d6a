"""The ways into overrides; standings has the one by which they are granted."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.sales.overrides import queries, schemas


class Overrides:
    """What leads have let pass the credit check."""

    @query(
        "GET /v1/credit-overrides",
        schemas.OverrideQuery,
        returns=page_of(schemas.CreditOverride),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_credit_overrides(self, session, **values):
        """List what was let pass the credit check, by whom, why and until when, the newest first."""
        return queries.list_overrides(session, **values)
