"""Cancel issued invoices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.billing import events
from services.billing.advances.queries import find_takers, sum_taken_back
from services.billing.advances.rules import require_not_taken_off
from services.billing.advances.usecases import give_back
from services.billing.billables import usecases as billables
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import find_raisers
from services.billing.invoices.rules import (
    require_no_notice,
    require_not_raised,
    require_sale,
    require_voidable,
    void_journal,
)
from services.billing.invoices.usecases import facts_of, lock_invoice, mark_void
from services.billing.items.rules import BalanceChange, require_none_on_its_way
from services.billing.items.usecases import change_balances, void_items
from services.billing.ledger.usecases import post_journals
from services.billing.notices.queries import find_on_its_way


def void_invoice(
    session: Session, *, invoice_id: str, reason: str, today: date, now: datetime, by: str
) -> Invoice:
    """Cancel an issued invoice that nothing has been allocated to, that was not taken off others, and
    about which no letter is on its way. What was taken off it is ahead again, and what it billed of
    billables is to be billed again."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    require_sale(
        invoice.kind,
        reclaimed=invoice.reclaimed,
        notice_id=invoice.notice_id,
        name=invoice.name,
    )
    require_voidable(
        name=invoice.name,
        status=invoice.status,
        total=invoice.total,
        balance=invoice.balance,
        credited=max(invoice.credited, sum_taken_back(session, advance_id=invoice_id)),
    )
    require_not_raised(invoice.name, by=find_raisers(session, invoice_id=invoice_id))
    require_not_taken_off(invoice.name, others=find_takers(session, advance_id=invoice_id))
    require_none_on_its_way(invoice.name, items=invoice.items)
    letter = find_on_its_way(session, item_ids=[item.item_id for item in invoice.items])
    require_no_notice(invoice.name, notice_id=letter)
    if invoice.taken_off:
        give_back(session, invoice_id=invoice_id, account_id=invoice.account_id, now=now)
    billables.give_back(session, invoice_ids=[invoice_id])
    void_document(session, invoice, voided_on=today, reason=reason, now=now, by=by)
    balance = (invoice.account_id, invoice.currency)
    change_balances(session, changes={balance: BalanceChange(open=-invoice.total)})
    return invoice


def void_document(
    session: Session, invoice: Invoice, *, voided_on: date, reason: str, now: datetime, by: str
) -> None:
    """Make a locked invoice void that nothing is set against, with its items, post and announce it. What
    its account owes is the caller's to lower."""
    mark_void(session, invoice, voided_on=voided_on, reason=reason, now=now, by=by)
    journal = void_journal(
        invoice_id=invoice.invoice_id,
        account_id=invoice.account_id,
        currency=invoice.currency,
        voided_on=voided_on,
        net=invoice.net,
        tax=invoice.tax,
        reclaimed=invoice.reclaimed,
    )
    post_journals(session, journals=[journal], now=now)
    items = void_items(session, invoice_id=invoice.invoice_id, voided_on=voided_on, now=now)
    announce(session, events.InvoiceVoided, **facts_of(invoice), voided_on=voided_on, items=items)
