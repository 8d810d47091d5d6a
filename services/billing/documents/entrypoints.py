"""The ways into documents."""

from __future__ import annotations

from typing import Any

from chassis.contract import Document, Reach, command, consumes, query
from chassis.fields import page_of
from services.billing.documents import queries, schemas, subscriptions, usecases


class Documents:
    """Invoices and notes on paper and for programs."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/document",
        schemas.InvoiceId,
        returns=schemas.Document,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def make_invoice_document(self, session: Any, **values: Any) -> Any:
        """The document of an issued invoice, debit note, fee, interest or letter, with its PDF and, where
        nothing lacks, its e-invoice (EN 16931). It is made when it is first asked for, with the client's
        name and address as they were at the issue, and is the same ever after."""
        return usecases.make_invoice_document(session, **self._by(), **values)

    @command(
        "POST /v1/credit-notes/{credit_note_id}/document",
        schemas.CreditNoteId,
        returns=schemas.Document,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def make_credit_note_document(self, session: Any, **values: Any) -> Any:
        """The document of a credit note, made when it is first asked for, the same ever after."""
        return usecases.make_credit_note_document(session, **self._by(), **values)

    @query(
        "GET /v1/documents",
        schemas.DocumentQuery,
        returns=page_of(schemas.Document),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_documents(self, session: Any, **values: Any) -> Any:
        """List documents that were made, the newest first."""
        return queries.list_documents(session, **values)

    @query(
        "GET /v1/documents/{document_id}",
        schemas.DocumentId,
        returns=schemas.Document,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_document(self, session: Any, **values: Any) -> Any:
        """Show what a document is, and what its files' hashes are."""
        return queries.get_document(session, **values)

    @query(
        "GET /v1/documents/{document_id}/document.pdf",
        schemas.DocumentId,
        media_type="application/pdf",
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_document_pdf(self, session: Any, **values: Any) -> Document:
        """Download a document as PDF, the same bytes each time; an e-invoice is inside (Factur-X)."""
        content, number = queries.get_pdf(session, **values)
        return Document(content, "application/pdf", f"{number}.pdf")

    @query(
        "GET /v1/documents/{document_id}/document.xml",
        schemas.DocumentId,
        media_type="application/xml",
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_document_xml(self, session: Any, **values: Any) -> Document:
        """Download a document as e-invoice (EN 16931, CII). Refused (`no_e_invoice`) with what it
        lacked."""
        content, number = queries.get_xml(session, **values)
        return Document(content, "application/xml", f"{number}.xml")

    @command(
        "POST /v1/documents/{document_id}/copies",
        schemas.AskCopy,
        returns=schemas.DocumentCopy,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def ask_copy(self, session: Any, **values: Any) -> Any:
        """Have a copy sent by e-mail to a contact who gets the account's invoices, or to the account's
        own address (`recipient_not_allowed`). It says on each page that it is a copy. So many go out to
        an account in a day, no more (`copies_limit`)."""
        return usecases.ask_copy(session, today=self.clock.today(), **self._by(), **values)

    @query(
        "GET /v1/documents/{document_id}/copies",
        schemas.CopiesQuery,
        returns=page_of(schemas.DocumentCopy),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_document_copies(self, session: Any, **values: Any) -> Any:
        """List the copies of a document that were asked for, and what became of each."""
        return queries.list_copies(session, **values)

    @consumes(subscriptions.DocumentCopyAsked, is_alone=True)
    def send_document_copy(self, session: Any, **values: Any) -> None:
        """Send a copy that was asked for, in a step of its own: if it fails, it fails alone."""
        usecases.send_copy(session, now=self.clock.now(), **values)

    def _by(self) -> dict[str, Any]:
        return {"now": self.clock.now(), "by": self.caller.subject}
