"""The ways into ownership."""

from __future__ import annotations

from chassis.contract import query
from chassis.fields import page_of
from services.accounts.ownership import queries, schemas


class Ownership:
    """Who owned which account, and when."""

    @query(
        "GET /v1/accounts/{account_id}/owners",
        schemas.OwnershipQuery,
        returns=page_of(schemas.OwnershipPeriod),
        scope="accounts:read",
    )
    def list_owners(self, session, **values):
        """The owners of an account, first to present, without a gap or an overlap."""
        return queries.list_owners(session, **values)
