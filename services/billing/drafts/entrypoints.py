"""The ways in to drafts."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.drafts import schemas, usecases
from services.billing.invoices.schemas import Invoice, InvoicePath


class Drafts:
    """Invoices that are not issued yet."""

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
        return usecases.issue_draft(
            session, today=self.clock.today(), **self._drafted_by(), **values
        )

    @command(
        "PUT /v1/invoices/{invoice_id}/lines",
        schemas.EditDraft,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def edit_draft(self, session: Any, **values: Any) -> Any:
        """Have the draft of a billing run bill these lines: those of its own that are named by their
        place, as they are or changed, and new ones. What is not billed by it any more waits for the next
        bill. From then on the draft is somebody's own, and no later run makes it anew."""
        return usecases.edit_draft(session, **self._drafted_by(), **values)

    @command(
        "DELETE /v1/invoices/{invoice_id}",
        InvoicePath,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def delete_draft(self, session: Any, **values: Any) -> None:
        """Delete a draft; an issued invoice is voided or credited instead. What a draft of a billing run
        would have billed waits for the next bill."""
        usecases.delete_draft(session, **self._drafted_by(), **values)

    def _drafted_by(self) -> dict[str, Any]:
        return {"now": self.clock.now(), "by": self.caller.subject}
