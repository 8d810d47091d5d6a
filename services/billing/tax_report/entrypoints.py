"""The ways into the tax report."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.billing.tax_report import queries, schemas


class TaxReport:
    """Base and tax of a period, as known at any moment."""

    clock: Any

    @query(
        "GET /v1/reports/tax",
        schemas.TaxQuery,
        returns=schemas.Tax,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_tax(self, session: Any, **values: Any) -> Any:
        """What was invoiced and credited in a period, net and tax, by currency, code and percentage. A
        document counts on its day of issue, and is taken back on the day on which it is voided."""
        return queries.report_tax(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/reports/tax/documents",
        schemas.TaxDocumentQuery,
        returns=page_of(schemas.TaxDocument),
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def list_tax_documents(self, session: Any, **values: Any) -> Any:
        """The documents behind a figure of the tax report, by day and number: they add up to it."""
        return queries.list_tax_documents(session, now=self.clock.now(), **values)
