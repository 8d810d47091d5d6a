"""The ways into the reports."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from services.billing.reports import queries, schemas


class Reports:
    """Figures from history, as of any day, as known at any moment."""

    clock: Any

    @query(
        "GET /v1/reports/ageing",
        schemas.AgeingQuery,
        returns=schemas.Ageing,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_ageing(self, session: Any, **values: Any) -> Any:
        """What was open at the end of a day, as known at a moment, by how long it was overdue."""
        return queries.report_ageing(
            session, today=self.clock.today(), now=self.clock.now(), **values
        )

    @query(
        "GET /v1/reports/dso",
        schemas.DsoQuery,
        returns=schemas.Dso,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_dso(self, session: Any, **values: Any) -> Any:
        """Days sales outstanding: receivables at the end ÷ billed in the period × its days."""
        return queries.report_dso(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/reports/collected",
        schemas.CollectedQuery,
        returns=schemas.Collected,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_collected(self, session: Any, **values: Any) -> Any:
        """Money received in a period by value date, less what was reversed and refunded in it."""
        return queries.report_collected(session, now=self.clock.now(), **values)
