"""Base and tax of documents, from the documents alone: the same question has the same answer for ever."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import LateralFromClause

from chassis.database import NATURAL_ORDER
from chassis.pages import read_page
from services.billing.adjustments.models import Adjustment, AdjustmentRate
from services.billing.credits.models import CreditNote, CreditNoteRate
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.ledger.rules import JournalKind
from services.billing.reports.rules import choose_moment, require_period
from services.billing.taxes.rules import Rounding

_AMOUNTS = ("invoiced_net", "invoiced_tax", "credited_net", "credited_tax")


def report_tax(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    currency: str | None,
    known_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """What was invoiced and credited in a period, by currency, percentage and code."""
    require_period(first_day, last_day)
    moment = choose_moment(known_at, now=now)
    found = _find_movements(first_day, last_day, moment)
    rate = (found.c.currency, found.c.tax_percent, found.c.tax_code)
    sums = [func.sum(found.c[name]).label(name) for name in _AMOUNTS]
    documents = func.count(found.c.document_id.distinct()).label("documents")
    statement = select(*rate, *sums, documents).group_by(*rate).order_by(*rate)
    if currency is not None:
        statement = statement.where(found.c.currency == currency)
    rows = session.execute(statement)
    return {
        "first_day": first_day,
        "last_day": last_day,
        "known_at": moment,
        "rates": [_figures(row) for row in rows],
    }


def list_tax_documents(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    currency: str,
    tax_code: str,
    tax_percent: Decimal,
    known_at: datetime | None,
    now: datetime,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of the documents behind a figure, by day and number."""
    require_period(first_day, last_day)
    found = _find_movements(first_day, last_day, choose_moment(known_at, now=now))
    page = read_page(
        session,
        select(found).where(
            found.c.currency == currency,
            found.c.tax_code == tax_code,
            found.c.tax_percent == tax_percent,
        ),
        by=[found.c.effective_on, found.c.number, found.c.document_id, found.c.kind],
        limit=limit,
        after=after,
    )
    return {**page, "items": [_figures(row) for row in page["items"]]}


def _find_movements(first_day: date, last_day: date, known_at: datetime) -> Subquery:
    """What documents brought to which rate of tax, on the days of a period."""

    def within(day: Any, recorded_at: Any) -> ColumnElement[bool]:
        return day.between(first_day, last_day) & (recorded_at <= known_at)

    kind, note = JournalKind, CreditNote
    return union_all(
        _invoices(kind.INVOICE_ISSUED, Invoice.issued_on, 1).where(
            within(Invoice.issued_on, Invoice.recorded_at)
        ),
        _invoices(kind.INVOICE_VOIDED, Invoice.voided_on, -1).where(
            within(Invoice.voided_on, Invoice.voided_at)
        ),
        _credit_notes(kind.CREDIT_NOTE_ISSUED, note.issued_on, 1).where(
            within(note.issued_on, note.recorded_at)
        ),
        _credit_notes(kind.CREDIT_NOTE_VOIDED, note.voided_on, -1).where(
            within(note.voided_on, note.voided_at)
        ),
        _discounts(kind.ALLOCATION_MADE, Adjustment.adjusted_on, 1).where(
            within(Adjustment.adjusted_on, Adjustment.recorded_at)
        ),
        _discounts(kind.ALLOCATION_REVERSED, Adjustment.reversed_on, -1).where(
            within(Adjustment.reversed_on, Adjustment.reversed_at)
        ),
    ).subquery()


def _invoices(kind: JournalKind, day: Any, sign: int) -> Select[Any]:
    """Of each rate of an invoice what is credited by its own lines, and as invoiced what it comes to with
    that."""
    rate, off = InvoiceRate, _taken_off()
    return (
        _select(kind, Invoice, Invoice.invoice_id, day, rate)
        .add_columns(
            (sign * (rate.net + off.c.net)).label("invoiced_net"),
            (sign * (rate.tax + off.c.tax)).label("invoiced_tax"),
            (sign * off.c.net).label("credited_net"),
            (sign * off.c.tax).label("credited_tax"),
        )
        .join(rate, rate.invoice_id == Invoice.invoice_id)
        .join(off, true())
    )


def _taken_off() -> LateralFromClause:
    """What an invoice's own lines below nothing take off one of its rates, rounded as the invoice is;
    not what was billed ahead."""
    line = InvoiceLine
    by_line = func.sum(func.round(-line.net * line.tax_percent / 100))
    at_once = func.round(-func.sum(line.net) * InvoiceRate.tax_percent / 100)
    tax = case((Invoice.tax_rounding == Rounding.LINE, by_line), else_=at_once)
    return (
        select(
            func.coalesce(-func.sum(line.net), 0).label("net"), func.coalesce(tax, 0).label("tax")
        )
        .where(
            line.invoice_id == Invoice.invoice_id,
            line.tax_percent == InvoiceRate.tax_percent,
            line.tax_code == InvoiceRate.tax_code,
            line.net < 0,
            line.advance_id.is_(None),
        )
        .lateral()
    )


def _credit_notes(kind: JournalKind, day: Any, sign: int) -> Select[Any]:
    rate = CreditNoteRate
    return (
        _select(kind, CreditNote, CreditNote.credit_note_id, day, rate)
        .add_columns(
            literal(0).label("invoiced_net"),
            literal(0).label("invoiced_tax"),
            (sign * rate.net).label("credited_net"),
            (sign * rate.tax).label("credited_tax"),
        )
        .join(rate, rate.credit_note_id == CreditNote.credit_note_id)
    )


def _discounts(kind: JournalKind, day: Any, sign: int) -> Select[Any]:
    """What was less for paying early: of the adjustments only that lowers tax."""
    rate = AdjustmentRate
    return (
        select(
            literal(kind.value).label("kind"),
            Adjustment.adjustment_id.label("document_id"),
            Adjustment.adjustment_id.collate(NATURAL_ORDER).label("number"),
            Adjustment.account_id,
            day.label("effective_on"),
            Adjustment.currency,
            rate.tax_code,
            rate.tax_percent,
            literal(0).label("invoiced_net"),
            literal(0).label("invoiced_tax"),
            (sign * rate.net).label("credited_net"),
            (sign * rate.tax).label("credited_tax"),
        )
        .select_from(Adjustment)
        .join(rate, rate.adjustment_id == Adjustment.adjustment_id)
    )


def _select(kind: JournalKind, document: Any, document_id: Any, day: Any, rate: Any) -> Select[Any]:
    return select(
        literal(kind.value).label("kind"),
        document_id.label("document_id"),
        document.number.collate(NATURAL_ORDER).label("number"),
        document.account_id,
        day.label("effective_on"),
        document.currency,
        rate.tax_code,
        rate.tax_percent,
    ).select_from(document)


def _figures(row: Any) -> dict[str, Any]:
    found = dict(row._mapping)
    amounts = {name: int(found[name]) for name in _AMOUNTS}
    return {
        **found,
        **amounts,
        "net": amounts["invoiced_net"] - amounts["credited_net"],
        "tax": amounts["invoiced_tax"] - amounts["credited_tax"],
    }
