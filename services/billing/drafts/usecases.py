"""Issue, edit and delete drafts; take off them what is not to be billed any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from services.billing.bills.usecases import note_dropped, note_issued
from services.billing.drafts import queries, rules
from services.billing.invoices import usecases as invoices
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Action, require_allowed
from services.billing.invoices.usecases import (
    lock_invoice,
    lock_invoices,
    rewrite_draft,
    take_back_drafts,
)
from services.billing.issuing.usecases import issue_invoice
from services.billing.pricing.rules import require_amount
from services.billing.taxes.rules import Rounding
from services.billing.verdicts.rules import Reason


def issue_draft(
    session: Session,
    *,
    invoice_id: str,
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Invoice:
    """Issue a draft; the bill of a run whose draft it is, is invoiced then."""
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    invoice = issue_invoice(session, invoice_id=invoice_id, issued_on=issued_on, **moment)
    if invoice.billing_run_id is not None:
        note_issued(session, invoice_ids=[invoice_id])
    return invoice


def edit_draft(
    session: Session,
    *,
    invoice_id: str,
    lines: Sequence[Mapping[str, Any]],
    now: datetime,
    by: str,
) -> Invoice:
    """Have a draft that a run made bill other lines."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    require_allowed(Action.EDIT, status=invoice.status, name=invoice.name)
    rules.require_made_by_run(invoice.billing_run_id, name=invoice.name)
    priced = rules.edit(invoice.lines, lines, rounding=Rounding(invoice.tax_rounding))
    require_amount(priced)
    invoices.edit_draft(session, invoice, priced, now=now, by=by)
    return invoice


def delete_draft(session: Session, *, invoice_id: str, now: datetime, by: str) -> None:
    """Delete an invoice that was never issued; what it would have billed waits for the next bill."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    require_allowed(Action.DELETE, status=invoice.status, name=invoice.name)
    _delete(session, invoice, now=now, by=by)


def take_off_drafts(
    session: Session,
    *,
    account_id: str,
    currency: str,
    wanted: Mapping[str, Decimal],
    now: datetime,
    by: str,
) -> None:
    """Have so much of an account's order lines wait to be billed again that is on drafts, of the newest
    first; a draft of which nothing is left to demand is deleted. The balances are locked."""
    order_line_ids = list(wanted)
    found = queries.find_drafted_lines(
        session, account_id=account_id, currency=currency, order_line_ids=order_line_ids
    )
    left, taken = dict(wanted), defaultdict[str, dict[int, Decimal]](dict)
    for line in found:
        part = min(line.quantity, left[str(line.order_line_id)])
        if part > 0:
            left[str(line.order_line_id)] -= part
            taken[line.invoice_id][line.position] = part
    for invoice in lock_invoices(session, invoice_ids=list(taken)).values():
        rounding = Rounding(invoice.tax_rounding)
        priced = rules.lower(invoice.lines, taken[invoice.invoice_id], rounding=rounding)
        if priced.total > 0:
            rewrite_draft(session, invoice, priced)
        else:
            _delete(session, invoice, now=now, by=by)


def _delete(session: Session, invoice: Invoice, *, now: datetime, by: str) -> None:
    ids = [invoice.invoice_id]
    note_dropped(session, invoice_ids=ids, reason=Reason.DRAFT_DELETED, now=now, by=by)
    take_back_drafts(session, invoice_ids=ids)
    session.expunge(invoice)
