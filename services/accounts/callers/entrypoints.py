"""The way into who is ringing."""

from __future__ import annotations

from chassis.contract import Reach, query
from services.accounts.callers import queries, schemas


class Callers:
    """Who is ringing."""

    @query(
        "GET /v1/callers/{phone}",
        schemas.CallerQuery,
        returns=schemas.Callers,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_callers(self, session, **values):
        """Whose number it is, any of a contact's, also of one whose time is over: the account with its
        owner, what is open, why one would call, what was promised last, the last contacts and what is
        planned. Several accounts may have one number; where nobody has it, the list is empty."""
        return queries.get_callers(
            session, today=self.clock.today(), now=self.clock.now(), **values
        )
