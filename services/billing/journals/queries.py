"""Reads of journals, by the document that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.ledger.models import JournalEntry
from services.billing.payments.models import Payment
from services.billing.refunds.models import Refund

_ENTRY = func.json_build_object(
    "ledger_account", JournalEntry.ledger_account, "amount", JournalEntry.amount
)
_OF_ALL = (
    "journal_id",
    "account_id",
    "kind",
    "document_id",
    "currency",
    "effective_on",
    "recorded_at",
)


def list_invoice_journals(session: Session, *, invoice_id: str, **page: Any) -> dict[str, Any]:
    """A page of what an invoice did to the ledger, and what was set against it and taken back."""
    fetch(session, Invoice, invoice_id)
    owner = select(Invoice.account_id).where(Invoice.invoice_id == invoice_id)
    allocated = select(Allocation.allocation_id).join(Item, Item.item_id == Allocation.item_id)
    ids = [allocated.where(Item.invoice_id == invoice_id)]
    return _page(session, owner, invoice_id, ids, **page)


def list_payment_journals(session: Session, *, payment_id: str, **page: Any) -> dict[str, Any]:
    """A page of what a payment did to the ledger, with its allocations, refunds and reversals."""
    fetch(session, Payment, payment_id)
    owner = select(Payment.account_id).where(Payment.payment_id == payment_id)
    ids = [
        select(Allocation.allocation_id).where(Allocation.payment_id == payment_id),
        select(Refund.refund_id).where(Refund.payment_id == payment_id),
    ]
    return _page(session, owner, payment_id, ids, **page)


def list_credit_note_journals(
    session: Session, *, credit_note_id: str, **page: Any
) -> dict[str, Any]:
    """A page of what a credit note did to the ledger, with its allocations and refunds."""
    fetch(session, CreditNote, credit_note_id)
    owner = select(CreditNote.account_id).where(CreditNote.credit_note_id == credit_note_id)
    ids = [
        select(Allocation.allocation_id).where(Allocation.credit_note_id == credit_note_id),
        select(Refund.refund_id).where(Refund.credit_note_id == credit_note_id),
    ]
    return _page(session, owner, credit_note_id, ids, **page)


def list_refund_journals(session: Session, *, refund_id: str, **page: Any) -> dict[str, Any]:
    """A page of what a refund did to the ledger, and its reversal."""
    fetch(session, Refund, refund_id)
    owner = select(Refund.account_id).where(Refund.refund_id == refund_id)
    reversal = select(Refund.refund_id).where(Refund.reverses_id == refund_id)
    return _page(session, owner, refund_id, [reversal], **page)


def _page(
    session: Session,
    owner: Select[Any],
    document_id: str,
    others: Sequence[Select[Any]],
    **page: Any,
) -> dict[str, Any]:
    """The journals of a document and of what was done to it, in their order."""
    ids = session.scalars(others[0].union_all(*others[1:])).all()
    statement = (
        select(
            *(getattr(JournalEntry, name) for name in _OF_ALL),
            func.json_agg(aggregate_order_by(_ENTRY, JournalEntry.position)).label("entries"),
        )
        .where(
            JournalEntry.account_id == owner.scalar_subquery(),
            JournalEntry.document_id.in_([document_id, *ids]),
        )
        .group_by(*(getattr(JournalEntry, name) for name in _OF_ALL))
    )
    return read_page(session, statement, by=[JournalEntry.journal_id], **page)
