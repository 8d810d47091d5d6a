"""Issue debit notes by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch
from kernel.ids import new_id
from services.billing.accounts.rules import require_billable
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.company.queries import find_rounding
from services.billing.debit_notes import rules
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Action, require_allowed
from services.billing.invoices.usecases import lock_invoice
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.routines.queries import find_agreement
from services.billing.terms.queries import choose_terms, find_terms


def raise_invoice(
    session: Session,
    *,
    invoice_id: str,
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
    **values: Any,
) -> Invoice:
    """Issue a debit note for an invoice on which more is owed than it says: an invoice by itself, with
    lines, taxes and items of its own, which is paid, credited and voided as any other."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    rules.require_invoice(invoice.kind, name=invoice.name)
    require_allowed(Action.RAISE, status=invoice.status, name=invoice.name)
    account = lock_account_to_bill(session, account_id=invoice.account_id)
    require_billable(number=account.number, status=account.status)
    named = values["payment_terms_id"]
    asked = rules.debit_note(
        invoice_id=invoice_id,
        account_id=invoice.account_id,
        for_account_id=invoice.for_account_id,
        currency=invoice.currency,
        terms=choose_terms(find_terms(session, payment_terms_ids=[named]), named),
        rounding=find_rounding(session),
        **values,
    )
    day, dues = fix_dates(
        total=asked.total,
        currency=asked.currency,
        terms=asked.terms,
        agreement=find_agreement(session, account),
        issued_on=issued_on,
        today=today,
    )
    assert invoice.issued_on is not None
    rules.require_after_invoice(day, invoice_issued_on=invoice.issued_on)
    debit_note_id = new_id("inv")
    issue_new(session, new=[NewInvoice(debit_note_id, asked, day, dues)], now=now, by=by)
    return fetch(session, Invoice, debit_note_id)
