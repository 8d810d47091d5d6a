"""Reads of documents and their copies."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import SEEN_TYPES, Planned, fetch, seeing_with, seen
from chassis.pages import read_page
from services.billing.documents.models import Document, DocumentCopy
from services.billing.documents.rules import require_e_invoice

_IS_FOR_SEEN = Planned(
    f"""
    SELECT 1 FROM document JOIN invoice ON invoice.invoice_id = document.invoice_id
    WHERE document.document_id = :document_id
        AND invoice.for_account_id IS NOT NULL AND {seen("invoice.for_account_id")}
    """,  # noqa: S608
    document_id="text",
    **SEEN_TYPES,
)


def get_document(session: Session, *, document_id: str) -> Document:
    """One document, without its files. That of an invoice is there for who sees for whom that is, too."""
    with _seeing_whom_it_is_for(session, document_id):
        return fetch(session, Document, document_id)


def get_pdf(session: Session, *, document_id: str) -> tuple[bytes, str]:
    """The PDF of a document and its number, the same bytes whenever it is asked for."""
    with _seeing_whom_it_is_for(session, document_id):
        document = fetch(session, Document, document_id)
        return document.pdf, document.number


def get_xml(session: Session, *, document_id: str) -> tuple[bytes, str]:
    """The e-invoice of a document and its number. Conflict (`no_e_invoice`) names what it lacked."""
    with _seeing_whom_it_is_for(session, document_id):
        document = fetch(session, Document, document_id)
        require_e_invoice(document.lacks)
        assert document.xml is not None, "nothing was lacking"
        return document.xml, document.number


def _seeing_whom_it_is_for(session: Session, document_id: str) -> AbstractContextManager[None]:
    return seeing_with(session, _IS_FOR_SEEN, {"document_id": document_id})


def list_documents(
    session: Session, *, account_id: str | None, kind: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of documents, those made last first."""
    statement = select(Document)
    if account_id is not None:
        statement = statement.where(Document.account_id == account_id)
    if kind is not None:
        statement = statement.where(Document.kind == kind)
    by = [Document.document_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def list_copies(
    session: Session, *, document_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of a document's copies, the first first."""
    statement = select(DocumentCopy).where(DocumentCopy.document_id == document_id)
    return read_page(session, statement, by=[DocumentCopy.place], limit=limit, after=after)


def count_copies(session: Session, *, account_id: str, on: date) -> int:
    """How many copies were asked for an account on a day."""
    counted = session.scalar(
        select(func.count()).where(
            DocumentCopy.account_id == account_id, DocumentCopy.asked_on == on
        )
    )
    return counted or 0
