"""The ways into parked accounts."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.collections.parked import queries, schemas


class ParkedAccounts:
    """Accounts that a daily job could not decide about."""

    @query(
        "GET /v1/parked-accounts",
        schemas.ParkedAccountQuery,
        returns=page_of(schemas.ParkedAccount),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_parked_accounts(self, session, **values):
        """List accounts that a daily job could not decide about, the newest day first. All others were
        decided about; the next day's job looks at these again."""
        return queries.list_parked_accounts(session, **values)
