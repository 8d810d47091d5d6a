"""The way into batches."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.batches import schemas, usecases


class Batches:
    """Many invoices at once."""

    clock: Any
    caller: Any

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
        one is reported with its place and the reason, and the others are issued all the same. Numbers
        are given in the order in which the invoices were sent."""
        return usecases.issue_batch(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
