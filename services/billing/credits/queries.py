"""Reads of credit notes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.refusals import Conflict
from services.billing.crediting.rules import Creditable, LineLeft
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.credits.rules import CreditNoteStatus
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.pricing.rules import RateTotal
from services.billing.taxes.rules import TaxCode

EVERY = select(CreditNote)
"""What listeners are told of."""

_STANDS = CreditNote.voided_on.is_(None)
CREDITED_QUANTITY = (
    select(func.coalesce(func.sum(CreditNoteLine.quantity), 0))
    .join(CreditNote, CreditNote.credit_note_id == CreditNoteLine.credit_note_id)
    .where(
        CreditNote.invoice_id == InvoiceLine.invoice_id,
        CreditNoteLine.invoice_position == InvoiceLine.position,
        _STANDS,
        ~CreditNoteLine.is_price_reduction,
    )
    .scalar_subquery()
)
"""How much of an invoice's line (InvoiceLine) was credited: came back, or was not delivered."""
_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    CreditNoteStatus.UNAPPLIED: CreditNote.unapplied > 0,
    CreditNoteStatus.APPLIED: (CreditNote.unapplied == 0) & _STANDS,
    CreditNoteStatus.VOID: ~_STANDS,
}


def get_credit_note(session: Session, *, credit_note_id: str) -> CreditNote:
    """One credit note with its lines."""
    return fetch(session, CreditNote, credit_note_id)


def list_credit_notes(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    invoice_id: str | None,
    number: str | None,
    status: str | None,
) -> dict[str, Any]:
    """A page of credit notes, newest first."""
    statement = select(CreditNote)
    same = {
        CreditNote.account_id: account_id,
        CreditNote.invoice_id: invoice_id,
        CreditNote.number: number,
    }
    for column, value in same.items():
        if value is not None:
            statement = statement.where(column == value)
    if status is not None:
        statement = statement.where(_HAS_STATUS[status])
    return read_page(
        session,
        statement,
        by=[CreditNote.credit_note_id],
        limit=limit,
        after=after,
        is_descending=True,
    )


def find_note_of_dispute(session: Session, *, dispute_id: str) -> CreditNote | None:
    """The credit note that carries out a dispute and stands."""
    of_it = CreditNote.dispute_id == dispute_id
    return session.scalar(select(CreditNote).where(of_it, _STANDS))


def require_not_credited(
    session: Session, *, ids: Mapping[str, str | None], invoice_id: str | None
) -> None:
    """A remedy or dispute is credited once, a return once of each invoice that billed it; Conflict where
    one credit note names it already."""
    for name, identity in ids.items():
        if identity is None:
            continue
        of_it, once = getattr(CreditNote, name) == identity, "once"
        if name == "return_id":
            of_it &= CreditNote.invoice_id.is_not_distinct_from(invoice_id)
            once = "once of an invoice"
        number = session.scalar(select(CreditNote.number).where(of_it, _STANDS))
        if number is not None:
            what = name.removesuffix("_id")
            detail = (
                f"Credit note {number} is for {what} {identity} already; each is credited {once}."
            )
            raise Conflict(f"{what}_credited", detail, field=name)


def read_creditable(session: Session, invoice: Invoice, *, given_up: int) -> Creditable:
    """What is left to credit of an invoice. Whoever credits it has locked the balance, so that nobody
    else does meanwhile."""
    return Creditable(
        name=invoice.name,
        currency=invoice.currency,
        lines=_read_lines(session, invoice),
        rates=[_rate(each, each.exemption_reason) for each in invoice.rates],
        credited=_read_credited(session, invoice),
        rounding=invoice.tax_rounding,
        given_up=given_up,
    )


def _read_lines(session: Session, invoice: Invoice) -> dict[int, LineLeft]:
    returned = func.sum(CreditNoteLine.quantity).filter(~CreditNoteLine.is_price_reduction)
    found = session.execute(
        select(CreditNoteLine.invoice_position, returned, func.sum(CreditNoteLine.net))
        .join(CreditNote, CreditNote.credit_note_id == CreditNoteLine.credit_note_id)
        .where(CreditNote.invoice_id == invoice.invoice_id, _STANDS)
        .group_by(CreditNoteLine.invoice_position)
    )
    before = {position: (quantity or Decimal(0), int(net)) for position, quantity, net in found}
    left = {}
    for line in invoice.lines:
        quantity, net = before.get(line.position, (Decimal(0), 0))
        left[line.position] = LineLeft(
            position=line.position,
            description=line.description,
            order_line_id=line.order_line_id,
            quantity=line.quantity - quantity,
            unit_price=line.unit_price,
            tax_percent=line.tax_percent,
            tax_code=TaxCode(line.tax_code),
            exemption_reason=line.exemption_reason,
            net=line.net - net,
            credited=net,
        )
    return left


def _read_credited(session: Session, invoice: Invoice) -> list[RateTotal]:
    rate = (CreditNoteRate.tax_percent, CreditNoteRate.tax_code)
    sums = (
        func.sum(CreditNoteRate.net).label("net"),
        func.sum(CreditNoteRate.tax).label("tax"),
    )
    found = session.execute(
        select(*rate, *sums)
        .join(CreditNote, CreditNote.credit_note_id == CreditNoteRate.credit_note_id)
        .where(CreditNote.invoice_id == invoice.invoice_id, _STANDS)
        .group_by(*rate)
    )
    return [_rate(row) for row in found]


def _rate(row: Any, exemption_reason: str | None = None) -> RateTotal:
    sums = int(row.net), int(row.tax)
    return RateTotal(row.tax_percent, TaxCode(row.tax_code), *sums, exemption_reason)
