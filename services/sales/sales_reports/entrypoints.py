"""The ways into reports of sales."""

from __future__ import annotations

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.sales.sales_reports import queries, schemas


class SalesReports:
    """What was sold, and what came back."""

    @query(
        "GET /v1/reports/sales",
        schemas.SalesQuery,
        returns=page_of(schemas.Sales),
        scope="sales:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_sales(self, session, **values):
        """What was shipped and what came back by product, account or month, in one currency: quantities
        and net amounts. What came back counts on the day it came."""
        return queries.report_sales(session, **values)
