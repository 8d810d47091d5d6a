"""The way to the figures of cases."""

from __future__ import annotations

from chassis.contract import Reach, query
from services.accounts.case_figures import queries, schemas


class CaseFigures:
    """How cases went."""

    @query(
        "GET /v1/case-figures",
        schemas.FiguresQuery,
        returns=schemas.CaseFigures,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_cases(self, session, **values):
        """The cases that were received in a period, of the accounts that the caller sees: by kind and
        state, by owner and by team, and of how many each clock was met or missed. Refused with
        `period_reversed`."""
        return queries.report_cases(session, now=self.clock.now(), zone=self.clock.zone, **values)
