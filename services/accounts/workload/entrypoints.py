"""The ways into workloads."""

from __future__ import annotations

from chassis.contract import Reach, query
from services.accounts.worklist.rules import when_read
from services.accounts.worklist.schemas import WorklistQuery
from services.accounts.workload import queries, schemas


class Workload:
    """How much people have on their lists, and why an account is where it is."""

    @query(
        "GET /v1/team-worklist",
        WorklistQuery,
        returns=schemas.TeamWorklist,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_team_worklist(self, session, *, as_of, **values):
        """How much a person and everyone below them have on their lists, and the most urgent of all."""
        day = as_of or self.clock.today()
        moment = when_read(day, self.clock.now(), self.clock.zone)
        return queries.get_team_worklist(
            session, as_of=day, moment=moment, zone=self.clock.zone, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/worklist-place",
        schemas.AccountWhy,
        returns=schemas.Explanation,
        scope="accounts:read",
    )
    def explain_worklist_place(self, session, *, account_id, as_of):
        """Why an account is where it is on its owner's list, or why it is not on it."""
        day = as_of or self.clock.today()
        moment = when_read(day, self.clock.now(), self.clock.zone)
        return queries.explain_account(session, account_id=account_id, as_of=day, moment=moment)

    @query(
        "GET /v1/worklist-figures",
        schemas.FiguresQuery,
        returns=schemas.Figures,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_worklist_figures(self, session, **values):
        """What came to the lists in a time and what became of it: nothing leaves them otherwise than done
        or settled, so that what was open before and what came is what was done, settled and is open."""
        return queries.get_figures(session, zone=self.clock.zone, **values)
