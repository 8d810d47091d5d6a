"""The ways of issuing invoices."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, consumes
from services.billing import subscriptions
from services.billing.invoices.schemas import Invoice
from services.billing.issuing import schemas, usecases


class Issuing:
    """Number and date fixed, items open, ledger posted."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/issue",
        schemas.IssueInvoice,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def issue_invoice(self, session: Any, **values: Any) -> Any:
        """Issue a draft: its number and date are fixed, and its items are open."""
        return usecases.issue_invoice(session, **self._moment(), **values)

    @command(
        "POST /v1/invoice-batches",
        schemas.NewInvoiceBatch,
        returns=schemas.InvoiceBatch,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def issue_batch(self, session: Any, **values: Any) -> Any:
        """Write and issue up to 1,000 invoices at once. Each is issued or refused by itself: a refused
        one is reported with its place and the reason, and the others are issued all the same."""
        return usecases.issue_batch(session, **self._moment(), **values)

    @consumes(subscriptions.ShipmentSent)
    def bill_shipment(self, session: Any, **values: Any) -> None:
        """Issue the invoice for what was shipped."""
        usecases.bill_shipment(session, **self._moment(), **values)

    def _moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
