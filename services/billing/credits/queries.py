"""Reads of credit notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.billing.allocations.queries import find_adjusted
from services.billing.crediting.rules import Creditable, LineLeft
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.credits.rules import Claim, CreditNoteStatus, Grounds
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
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


def sum_disputes_credited(session: Session, *, dispute_ids: Collection[str]) -> dict[str, int]:
    """What the credit notes come to that carry out disputes and stand, by dispute."""
    of_them = CreditNote.dispute_id.in_(dispute_ids)
    found = session.execute(select(CreditNote.dispute_id, CreditNote.total).where(of_them, _STANDS))
    return {str(row.dispute_id): row.total for row in found}


def find_credited(session: Session, *, grounds: Iterable[Grounds]) -> dict[Claim, str]:
    """Which remedies, returns and disputes of these are credited, by which credit note's number."""
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for each in grounds:
        for name, (identity, *_) in each.claims(None).items():
            ids[name].append(identity)
    found: dict[Claim, str] = {}
    for name, identities in ids.items():
        of_them = select(CreditNote).where(getattr(CreditNote, name).in_(identities), _STANDS)
        for note in session.scalars(of_them):
            own = Grounds(reason="", **{name: getattr(note, name)}, return_part=note.return_part)
            found[own.claims(note.invoice_id)[name]] = note.number
    return found


def find_creditable(session: Session, invoices: Collection[Invoice]) -> dict[str, Creditable]:
    """What is left to credit of invoices, by their ids. Whoever credits them has locked the balances, so
    that nobody else does meanwhile."""
    invoice_ids = [invoice.invoice_id for invoice in invoices]
    if not invoice_ids:
        return {}
    lines = _find_lines(session, invoice_ids)
    rates = _find_rates(session, invoice_ids)
    credited = _find_credited_rates(session, invoice_ids)
    given_up = find_adjusted(session, invoice_ids=invoice_ids)
    return {
        invoice.invoice_id: Creditable(
            name=invoice.name,
            currency=invoice.currency,
            lines=lines[invoice.invoice_id],
            rates=rates[invoice.invoice_id],
            credited=credited[invoice.invoice_id],
            rounding=invoice.tax_rounding,
            given_up=given_up.get(invoice.invoice_id, 0),
        )
        for invoice in invoices
    }


def _find_lines(
    session: Session, invoice_ids: Collection[str]
) -> defaultdict[str, dict[int, LineLeft]]:
    returned = func.sum(CreditNoteLine.quantity).filter(~CreditNoteLine.is_price_reduction)
    credited = session.execute(
        select(
            CreditNote.invoice_id,
            CreditNoteLine.invoice_position,
            returned.label("returned"),
            func.sum(CreditNoteLine.net).label("net"),
        )
        .join(CreditNote, CreditNote.credit_note_id == CreditNoteLine.credit_note_id)
        .where(CreditNote.invoice_id.in_(invoice_ids), _STANDS)
        .group_by(CreditNote.invoice_id, CreditNoteLine.invoice_position)
    )
    before = {
        (row.invoice_id, row.invoice_position): (row.returned or Decimal(0), int(row.net))
        for row in credited
    }
    left: defaultdict[str, dict[int, LineLeft]] = defaultdict(dict)
    for line in session.scalars(_of(InvoiceLine, invoice_ids).order_by(InvoiceLine.position)):
        quantity, net = before.get((line.invoice_id, line.position), (Decimal(0), 0))
        left[line.invoice_id][line.position] = LineLeft(
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


def _find_rates(
    session: Session, invoice_ids: Collection[str]
) -> defaultdict[str, list[RateTotal]]:
    found = _of(InvoiceRate, invoice_ids).order_by(InvoiceRate.tax_percent, InvoiceRate.tax_code)
    rates: defaultdict[str, list[RateTotal]] = defaultdict(list)
    for each in session.scalars(found):
        rates[each.invoice_id].append(_rate(each, each.exemption_reason))
    return rates


def _find_credited_rates(
    session: Session, invoice_ids: Collection[str]
) -> defaultdict[str, list[RateTotal]]:
    rate = (CreditNote.invoice_id, CreditNoteRate.tax_percent, CreditNoteRate.tax_code)
    sums = (
        func.sum(CreditNoteRate.net).label("net"),
        func.sum(CreditNoteRate.tax).label("tax"),
    )
    found = session.execute(
        select(*rate, *sums)
        .join(CreditNote, CreditNote.credit_note_id == CreditNoteRate.credit_note_id)
        .where(CreditNote.invoice_id.in_(invoice_ids), _STANDS)
        .group_by(*rate)
    )
    credited: defaultdict[str, list[RateTotal]] = defaultdict(list)
    for row in found:
        credited[str(row.invoice_id)].append(_rate(row))
    return credited


def _rate(row: Any, exemption_reason: str | None = None) -> RateTotal:
    sums = int(row.net), int(row.tax)
    return RateTotal(row.tax_percent, TaxCode(row.tax_code), *sums, exemption_reason)


def _of(model: Any, invoice_ids: Collection[str]) -> Any:
    found = select(model).where(model.invoice_id.in_(invoice_ids))
    return found.execution_options(populate_existing=True)
