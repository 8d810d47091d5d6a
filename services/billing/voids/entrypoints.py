"""The way of cancelling an issued invoice."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.invoices.schemas import Invoice
from services.billing.voids import schemas, usecases


class Voids:
    """Issued invoices cancelled."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/void",
        schemas.VoidInvoice,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def void_invoice(self, session: Any, **values: Any) -> Any:
        """Cancel an issued invoice that nothing has been allocated to. What was billed ahead and taken
        off it is ahead again; one that was taken off others is credited instead."""
        return usecases.void_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
