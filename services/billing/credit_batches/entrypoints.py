"""The way into batches of credit notes."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.credit_batches import schemas, usecases


class CreditBatches:
    """Many credit notes at once."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/credit-note-batches",
        schemas.NewCreditNoteBatch,
        returns=schemas.CreditNoteBatch,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def issue_credit_batch(self, session: Any, **values: Any) -> Any:
        """Issue up to 1,000 credit notes at once, on invoices or free, each as if it came alone after
        those before it. Each is issued or refused by itself: a refused one is reported with its place
        and the reason, and the others are issued all the same. Numbers are given in the order in which
        the credit notes were sent."""
        return usecases.issue_credit_batch(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )
