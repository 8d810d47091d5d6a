"""The ways into receipts."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from services.billing.receipts import queries, schemas, usecases


class Receipts:
    """That money was received."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/payments/{payment_id}/receipt",
        schemas.ReceiptPath,
        returns=schemas.Receipt,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def issue_receipt(self, session: Any, **values: Any) -> Any:
        """Issue the receipt of a payment, numbered without gaps; asked for again it is the same one, as
        the payment is then."""
        return usecases.issue_receipt(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/payments/{payment_id}/receipt",
        schemas.ReceiptPath,
        returns=schemas.Receipt,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_receipt(self, session: Any, **values: Any) -> Any:
        """The receipt of a payment, where it was issued."""
        return queries.get_receipt(session, **values)
