"""The ways into what documents did to the ledger."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from chassis.fields import page_of
from services.billing.journals import queries, schemas

_JOURNALS: dict[str, Any] = {
    "returns": page_of(schemas.Journal),
    "scope": "billing:read",
    "reach": Reach.ACCOUNT,
}


class Journals:
    """What documents did to the ledger, each thing once, in the order in which it was recorded."""

    @query("GET /v1/invoices/{invoice_id}/journals", schemas.InvoiceJournalQuery, **_JOURNALS)
    def list_invoice_journals(self, session: Any, **values: Any) -> Any:
        """What an invoice did to the ledger: issue, void, and what was set against it or taken back."""
        return queries.list_invoice_journals(session, **values)

    @query("GET /v1/payments/{payment_id}/journals", schemas.PaymentJournalQuery, **_JOURNALS)
    def list_payment_journals(self, session: Any, **values: Any) -> Any:
        """What a payment did to the ledger, with its allocations, refunds and reversals."""
        return queries.list_payment_journals(session, **values)

    @query(
        "GET /v1/credit-notes/{credit_note_id}/journals",
        schemas.CreditNoteJournalQuery,
        **_JOURNALS,
    )
    def list_credit_note_journals(self, session: Any, **values: Any) -> Any:
        """What a credit note did to the ledger, with its allocations and refunds."""
        return queries.list_credit_note_journals(session, **values)

    @query("GET /v1/refunds/{refund_id}/journals", schemas.RefundJournalQuery, **_JOURNALS)
    def list_refund_journals(self, session: Any, **values: Any) -> Any:
        """What a refund did to the ledger, and its reversal, if any."""
        return queries.list_refund_journals(session, **values)
