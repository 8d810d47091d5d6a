"""The ways into closed periods."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.stock_periods import queries, schemas, usecases


class StockPeriods:
    """Until which day stock is closed."""

    @command(
        "POST /v1/stock-periods",
        schemas.ClosePeriod,
        returns=schemas.StockPeriod,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def close_stock_period(self, session, **values):
        """Close stock up to a day: nothing is dated up to it any more, and it is never opened again.

        Refused with `period_open` for a day that is not over, and with `period_closed` for one that is
        closed."""
        return usecases.close_period(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/stock-periods",
        schemas.PeriodQuery,
        returns=page_of(schemas.StockPeriod),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_stock_periods(self, session, **values):
        """List the closed periods, the last first."""
        return queries.list_periods(session, **values)
