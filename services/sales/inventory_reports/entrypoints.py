"""The ways into inventory reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import Document, Reach, command, daily, query
from chassis.fields import page_of
from services.sales.inventory_reports import queries, schemas, usecases


class InventoryReports:
    """What there was at the end of each month."""

    clock: Any
    caller: Any

    @daily(at="03:00", seconds_max=600)
    def report_inventory_of_month(self, session: Any, day: date) -> None:
        """On the first of a month, freeze what there was at the end of the month before."""
        usecases.make_reports_of_day(session, day=day, now=self.clock.now(), by=self.caller.subject)

    @command(
        "POST /v1/inventory-reports",
        schemas.NewReport,
        returns=schemas.Report,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
        status=201,
        seconds_max=60,
    )
    def make_inventory_report(self, session: Any, **values: Any) -> Any:
        """Freeze what there was at the end of a month that is gone and was not reported: the one after
        the last that was, or before the first. By themselves reports are made on the first of a month."""
        return usecases.make_report(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/inventory-reports",
        schemas.ReportQuery,
        returns=page_of(schemas.Report),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_inventory_reports(self, session: Any, **values: Any) -> Any:
        """List inventory reports without their lines, the newest month first."""
        return queries.list_reports(session, **values)

    @query(
        "GET /v1/inventory-reports/{inventory_report_id}",
        schemas.ReportPath,
        returns=schemas.Report,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_inventory_report(self, session: Any, **values: Any) -> Any:
        """Show an inventory report without its lines."""
        return queries.get_report(session, **values)

    @query(
        "GET /v1/inventory-reports/{inventory_report_id}/lines",
        schemas.LineQuery,
        returns=page_of(schemas.InventoryLine),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_inventory_lines(self, session: Any, **values: Any) -> Any:
        """List the lines of an inventory report, by place and sku."""
        return queries.list_lines(session, **values)

    @query(
        "GET /v1/inventory-reports/{inventory_report_id}/lines.csv",
        schemas.ReportPath,
        media_type="text/csv",
        scope="sales:read",
        reach=Reach.SHARED,
        is_costly=True,
        seconds_max=30,
    )
    def get_inventory_csv(self, session: Any, **values: Any) -> Any:
        """The lines of an inventory report as CSV; its SHA-256 is the report's hash. Corrections to
        earlier months stand in lines of their own."""
        content = queries.get_csv(session, **values).encode()
        return Document(content, "text/csv; charset=utf-8", f"{values['inventory_report_id']}.csv")

    @query(
        "GET /v1/inventory-reports/{inventory_report_id}/report.pdf",
        schemas.ReportPath,
        media_type="application/pdf",
        scope="sales:read",
        reach=Reach.SHARED,
        is_costly=True,
        seconds_max=60,
    )
    def get_inventory_pdf(self, session: Any, **values: Any) -> Any:
        """An inventory report on paper; each page bears its hash. Refused with `too_long_for_paper`
        beyond 500 lines."""
        content = usecases.draw(session, **values)
        return Document(content, "application/pdf", f"{values['inventory_report_id']}.pdf")
