"""The ways into receipts."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from services.billing.documents.schemas import Document
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

    @command(
        "POST /v1/payments/{payment_id}/receipt/document",
        schemas.ReceiptPath,
        returns=Document,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def make_receipt_document(self, session: Any, **values: Any) -> Any:
        """The receipt of a payment as a document, with its PDF, in the client's language. It is made when
        it is first asked for, of what is so then, and is the same ever after."""
        return usecases.make_receipt_document(
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
