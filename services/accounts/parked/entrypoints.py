"""The ways into parked worklists."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.accounts.parked import queries, schemas


class ParkedWorklists:
    """Accounts whose worklist the daily review could not keep."""

    @query(
        "GET /v1/parked-worklists",
        schemas.ParkedWorklistQuery,
        returns=page_of(schemas.ParkedWorklist),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_parked_worklists(self, session, **values):
        """List accounts whose worklist a daily review could not keep, the newest day first. All others
        were reviewed; the next day's review looks at these again."""
        return queries.list_parked_worklists(session, **values)
