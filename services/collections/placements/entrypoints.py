"""The ways into placements."""

from __future__ import annotations

from chassis.contract import Reach, command, daily, query
from chassis.fields import page_of
from services.collections.placements import queries, schemas, usecases


class Placements:
    """Debts handed over to collections."""

    @daily(at="06:00")
    def propose_placements(self, session, day):
        """Propose to hand over what the procedures have done their last for."""
        usecases.propose_placements(session, day=day, now=self.clock.now(), by=self.caller.subject)

    @command(
        "POST /v1/placements/{placement_id}/accept",
        schemas.PlacementId,
        returns=schemas.Placement,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def accept_placement(self, session, **values):
        """Take a debt over: from now on collections alone speaks to the client about it."""
        return usecases.accept_placement(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/placements/{placement_id}/return",
        schemas.PlacementReason,
        returns=schemas.Placement,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def return_placement(self, session, **values):
        """Give a proposed placement back and say what is missing."""
        return usecases.return_placement(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/placements/{placement_id}/propose",
        schemas.PlacementId,
        returns=schemas.Placement,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def propose_placement_again(self, session, **values):
        """Propose a returned placement once more, with its package made anew."""
        return usecases.propose_again(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/placements/{placement_id}/withdraw",
        schemas.PlacementReason,
        returns=schemas.Placement,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def withdraw_placement(self, session, **values):
        """Let the account manager speak to the client again. Place a hold first if it is not to be
        proposed again on the next day."""
        return usecases.withdraw_placement(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/placements",
        schemas.PlacementQuery,
        returns=page_of(schemas.PlacementSummary),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_placements(self, session, **values):
        """List placements, the newest first."""
        return queries.list_placements(session, **values)

    @query(
        "GET /v1/placements/{placement_id}",
        schemas.PlacementId,
        returns=schemas.Placement,
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def get_placement(self, session, **values):
        """Show a placement with its package and history."""
        return queries.get_placement(session, **values)
