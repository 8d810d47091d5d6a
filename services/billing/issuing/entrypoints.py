"""The way of issuing a draft."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
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
        return usecases.issue_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
