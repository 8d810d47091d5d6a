"""The ways into pauses of dunning."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.collections.holds import queries, schemas, usecases


class Holds:
    """Pauses of dunning."""

    @command(
        "POST /v1/dunning-holds",
        schemas.PlaceHold,
        returns=schemas.Hold,
        scope="collections:write",
        status=201,
    )
    def place_hold(self, session, **values):
        """Pause dunning of an account or of one item until a day."""
        return usecases.place_hold(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/dunning-holds/{hold_id}/lift",
        schemas.HoldId,
        returns=schemas.Hold,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def lift_hold(self, session, **values):
        """Let dunning go on from today."""
        return usecases.lift_hold(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/dunning-holds",
        schemas.HoldQuery,
        returns=page_of(schemas.Hold),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_holds(self, session, **values):
        """List holds, the newest first."""
        return queries.list_holds(session, **values)
