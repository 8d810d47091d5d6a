"""Reads of invoices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from chassis.database import SEEN_TYPES, Planned, fetch, seeing_with, seen
from chassis.pages import read_page
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import SERIES, InvoiceStatus
from services.billing.items.rules import ItemKind

EVERY_ISSUED = select(Invoice).where(Invoice.issued_on.is_not(None), Invoice.assessed == 0)
"""What listeners are told of as invoices; of what paying late costs they keep the items."""

_IS_FOR_SEEN = Planned(
    f"""
    SELECT 1 FROM invoice
    WHERE invoice.invoice_id = :invoice_id
        AND invoice.for_account_id IS NOT NULL AND {seen("invoice.for_account_id")}
    """,  # noqa: S608
    invoice_id="text",
    **SEEN_TYPES,
)
_IS_SEEN = Planned(
    f"""
    SELECT 1 FROM account
    WHERE account.account_id = :account_id AND {seen("account.account_id")}
    """,  # noqa: S608
    account_id="text",
    **SEEN_TYPES,
)
_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    InvoiceStatus.DRAFT: Invoice.issued_on.is_(None),
    InvoiceStatus.ISSUED: Invoice.balance > 0,
    InvoiceStatus.PAID: and_(
        Invoice.issued_on.is_not(None),
        Invoice.voided_on.is_(None),
        Invoice.balance == 0,
        Invoice.written_off == 0,
    ),
    InvoiceStatus.VOID: Invoice.voided_on.is_not(None),
    InvoiceStatus.WRITTEN_OFF: and_(Invoice.balance == 0, Invoice.written_off > 0),
}


def for_whom() -> ColumnElement[str]:
    """The account for which an invoice is, whoever pays it."""
    return func.coalesce(Invoice.for_account_id, Invoice.account_id)


def get_invoice(session: Session, *, invoice_id: str) -> Invoice:
    """One invoice with its lines and items, for who sees for whom it is, too."""
    with seeing_whom_it_is_for(session, invoice_id=invoice_id):
        invoice = fetch(session, Invoice, invoice_id)
        assert invoice.items is not None, "they are read here, as they are whose the invoice is"
    return invoice


def seeing_whom_it_is_for(session: Session, *, invoice_id: str) -> AbstractContextManager[None]:
    """Inside, an invoice with what belongs to it is there for who sees for whom it is, as for who sees
    who pays."""
    return seeing_with(session, _IS_FOR_SEEN, {"invoice_id": invoice_id})


def find_invoices(session: Session, *, invoice_ids: Collection[str]) -> Sequence[Invoice]:
    """Those of these invoices that are there."""
    if not invoice_ids:
        return ()
    return session.scalars(select(Invoice).where(Invoice.invoice_id.in_(invoice_ids))).all()


def find_raisers(session: Session, *, invoice_id: str) -> list[str]:
    """The numbers of the debit notes that raise an invoice and are not void."""
    found = session.scalars(
        select(Invoice.number)
        .where(Invoice.raises_invoice_id == invoice_id, Invoice.voided_on.is_(None))
        .order_by(Invoice.invoice_id)
    )
    return [str(number) for number in found]


def list_invoices(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    status: str | None,
    number: str | None,
    order_id: str | None,
    shipment_id: str | None,
    issued_from: date | None,
    issued_to: date | None,
    kind: str | None = None,
    fee_id: str | None = None,
    billing_run_id: str | None = None,
    for_account_id: str | None = None,
) -> dict[str, Any]:
    """A page of invoices, newest first. Those that another account pays are there for who sees for whom
    they are, where they ask for them."""
    statement = select(Invoice)
    same = {
        Invoice.account_id: account_id,
        Invoice.for_account_id: for_account_id,
        Invoice.number: number,
        Invoice.fee_id: fee_id,
        Invoice.order_id: order_id,
        Invoice.billing_run_id: billing_run_id,
        Invoice.shipment_id: shipment_id,
    }
    for column, value in same.items():
        if value is not None:
            statement = statement.where(column == value)
    if status is not None:
        statement = statement.where(_HAS_STATUS[status])
    if kind is not None:
        statement = statement.where(_is_of_kind(ItemKind(kind)))
    if issued_from is not None:
        statement = statement.where(Invoice.issued_on >= issued_from)
    if issued_to is not None:
        statement = statement.where(Invoice.issued_on <= issued_to)
    page: dict[str, Any] = {"by": [Invoice.invoice_id], "limit": limit, "after": after}
    if for_account_id is None:
        return read_page(session, statement, **page, is_descending=True)
    with seeing_with(session, _IS_SEEN, {"account_id": for_account_id}):
        return read_page(session, statement, **page, is_descending=True)


def _is_of_kind(kind: ItemKind) -> ColumnElement[bool]:
    """Invoices are those of all series but those of the other kinds."""
    if kind is not ItemKind.INVOICE:
        return Invoice.series == SERIES[kind]
    others = [series for other, series in SERIES.items() if other is not ItemKind.INVOICE]
    return Invoice.series.not_in(others)


def find_shipment_invoices(session: Session, *, shipment_id: str) -> list[Invoice]:
    """The invoices that billed one shipment, void ones too, in the order of their issue."""
    of_it = (Invoice.shipment_id == shipment_id) & Invoice.issued_on.is_not(None)
    return list(session.scalars(select(Invoice).where(of_it).order_by(Invoice.invoice_id)))
