"""The ways into invoices."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.billing import introductions
from services.billing.invoices import queries, schemas, usecases


class Invoices:
    """Demands for payment."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices",
        schemas.NewInvoice,
        returns=schemas.Invoice,
        scope="billing:write",
        status=201,
    )
    def draft_invoice(self, session: Any, **values: Any) -> Any:
        """Write an invoice as a draft; issuing it fixes number and date."""
        return usecases.draft_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/invoices",
        schemas.InvoiceQuery,
        returns=page_of(schemas.InvoiceSummary),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_invoices(self, session: Any, **values: Any) -> Any:
        """Invoices, newest first, without their lines."""
        return queries.list_invoices(session, **values)

    @query(
        "GET /v1/invoices/{invoice_id}",
        schemas.InvoicePath,
        returns=schemas.Invoice,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_invoice(self, session: Any, **values: Any) -> Any:
        """One invoice with its lines and items."""
        return queries.get_invoice(session, **values)

    @introduces(introductions.InvoiceIntroduced)
    def introduce_invoices(self) -> Any:
        """All issued invoices, void ones among them: somebody may yet hear of their issue first."""
        return queries.EVERY_ISSUED
