"""The ways into returns, until the goods are here."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.returns import queries, schemas, usecases


class Returns:
    """What clients want to send back, and whether they may."""

    @command(
        "POST /v1/returns",
        schemas.RequestReturn,
        returns=schemas.Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def request_return(self, session, **values):
        """Note what a client wants to send back of an order. Refused with `more_than_shipped` where
        that is more than was shipped and is neither back nor asked to come back."""
        return usecases.request_return(session, **values, **self._returned())

    @command(
        "POST /v1/returns/{return_id}/authorise",
        schemas.AuthoriseReturn,
        returns=schemas.Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def authorise_return(self, session, **values):
        """Let the goods come back. They are waited for until a day, after which the return expires."""
        return usecases.authorise_return(session, **values, **self._returned())

    @command(
        "POST /v1/returns/{return_id}/decline",
        schemas.ExplainReturn,
        returns=schemas.Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def decline_return(self, session, **values):
        """Have the goods stay with the client, as long as they are not on their way."""
        return usecases.decline_return(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/returns/{return_id}/send",
        schemas.SendReturn,
        returns=schemas.Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def send_return(self, session, **values):
        """Note that the client sent the goods: they are in transit. What does not come is on the worklist
        some days later (return settings)."""
        return usecases.send_return(session, **values, **self._returned())

    @command(
        "POST /v1/returns/{return_id}/close",
        schemas.ExplainReturn,
        returns=schemas.Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def close_return(self, session, **values):
        """Wait for no more of it: what came goes on, and where nothing came it is refused."""
        return usecases.close_return(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/returns",
        schemas.ReturnQuery,
        returns=page_of(schemas.ReturnSummary),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_returns(self, session, **values):
        """List returns without their lines, the newest first."""
        return queries.list_returns(session, **values)

    def _returned(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
