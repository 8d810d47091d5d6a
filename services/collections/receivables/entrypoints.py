"""The ways into receivables."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.collections.receivables import queries, schemas


class Receivables:
    """What is owed, as collections sees it."""

    @query(
        "GET /v1/receivables",
        schemas.ReceivableQuery,
        returns=page_of(schemas.Receivable),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_receivables(self, session, **values):
        """List items, oldest due first."""
        return queries.list_receivables(session, **values)
