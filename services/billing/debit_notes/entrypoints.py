"""The way of raising an invoice."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.debit_notes import schemas, usecases
from services.billing.invoices.schemas import Invoice


class DebitNotes:
    """More is owed than an invoice says."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/debit-notes",
        schemas.RaiseInvoice,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def raise_invoice(self, session: Any, **values: Any) -> Any:
        """Issue a debit note for an invoice on which more is owed than it says, such as a price that was
        too low. It is an invoice by itself, numbered `DN-…`, with lines, taxes and items of its own, due
        by the terms given or else by the account's; it is paid, credited and voided as any other, by its
        own id. The invoice that it raises stays as it is."""
        return usecases.raise_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
