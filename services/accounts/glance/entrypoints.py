"""The way to an account at a glance."""

from __future__ import annotations

from chassis.contract import query
from services.accounts.accounts.schemas import AccountId
from services.accounts.glance import queries, schemas


class Glance:
    """All there is to know of an account."""

    @query(
        "GET /v1/accounts/{account_id}/glance",
        AccountId,
        returns=schemas.Glance,
        scope="accounts:read",
    )
    def get_glance(self, session, **values):
        """An account at a glance: where it stands and who looks after it, what it owes and how old that
        is, why one would call, what was promised, what they brought up and until when it waits, which
        orders run, what was said last and what is next, and what to mind. All of it is our own
        knowledge: no other service is asked, and what they told a moment ago is there."""
        return queries.get_glance(session, today=self.clock.today(), now=self.clock.now(), **values)
