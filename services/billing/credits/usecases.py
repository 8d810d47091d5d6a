"""Issue credit notes and allocate them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.accounts.rules import require_billable
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.advances.queries import find_advances, find_order_advances
from services.billing.advances.rules import Amounts, Part, take_same_rates
from services.billing.advances.usecases import record_parts
from services.billing.allocations.queries import sum_adjusted
from services.billing.allocations.rules import AllocationSource, Share, in_order, total
from services.billing.allocations.usecases import (
    allocate_instructed,
    allocate_oldest,
    record_shares,
)
from services.billing.company.queries import find_rounding
from services.billing.crediting.rules import Credit, Creditable, credit
from services.billing.credits import events, rules
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.credits.queries import read_creditable, require_not_credited
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Action, earned_of, require_allowed, require_sale
from services.billing.invoices.usecases import lock_invoice, mark_credited
from services.billing.items.queries import find_items, get_item
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import LedgerAccount, require_past
from services.billing.ledger.usecases import post_journals
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.orders.queries import require_order
from services.billing.pricing.rules import Line, RateTotal, price, require_amount


def credit_invoice(
    session: Session,
    *,
    invoice_id: str,
    amount: int | None,
    lines: Sequence[Mapping[str, Any]] | None,
    rates: Sequence[Mapping[str, Any]] | None,
    issued_on: date | None,
    reason: str,
    remedy_id: str | None,
    return_id: str | None,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Credit an invoice by a gross amount, by lines, by net amounts at its rates, or by all that is left
    of it. It is set against what is still owed on the invoice; the rest is unapplied."""
    invoice, credited = plan_credit(
        session, invoice_id=invoice_id, amount=amount, lines=lines, rates=rates
    )
    items = find_items(session, item_ids=(), invoice_ids=[invoice_id])
    return lower_invoice(
        session,
        invoice,
        credited,
        shares=in_order(credited.total, items, AllocationSource.CREDIT_NOTE),
        grounds=rules.Grounds(reason=reason, remedy_id=remedy_id, return_id=return_id),
        issued_on=issued_on,
        today=today,
        now=now,
        by=by,
    )


def credit_item(
    session: Session,
    *,
    item_id: str,
    amount: int,
    grounds: rules.Grounds,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Credit exactly a gross amount of an item's invoice, today. It is set against that item first, then
    against what else is owed on the invoice; the rest is unapplied."""
    invoice_id = get_item(session, item_id=item_id).invoice_id
    invoice, credited = plan_credit(
        session, invoice_id=invoice_id, amount=amount, lines=None, rates=None
    )
    items = find_items(session, item_ids=(), invoice_ids=[invoice_id])
    items = sorted(items, key=lambda item: item.item_id != item_id)
    return lower_invoice(
        session,
        invoice,
        credited,
        shares=in_order(amount, items, AllocationSource.CREDIT_NOTE),
        grounds=grounds,
        issued_on=None,
        today=today,
        now=now,
        by=by,
    )


def plan_credit(
    session: Session,
    *,
    invoice_id: str,
    amount: int | None,
    lines: Sequence[Mapping[str, Any]] | None,
    rates: Sequence[Mapping[str, Any]] | None,
) -> tuple[Invoice, Credit]:
    """An invoice, locked, and what would be credited of it."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    creditable = _require_creditable(session, invoice)
    return invoice, credit(creditable, amount=amount, lines=lines, rates=rates)


def lower_invoice(
    session: Session,
    invoice: Invoice,
    credited: Credit,
    *,
    shares: Sequence[Share],
    grounds: rules.Grounds,
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Lower a locked invoice by what is credited of it, set against its items by these shares."""
    assert invoice.issued_on is not None
    day = issued_on or today
    require_past(day, today=today, field="issued_on")
    rules.require_after_invoice(day, invoice_issued_on=invoice.issued_on)
    advances = find_advances(session, invoice_ids=[invoice.invoice_id])
    mark_credited(invoice, amount=credited.total)
    return _issue(
        session,
        account_id=invoice.account_id,
        currency=invoice.currency,
        invoice_id=invoice.invoice_id,
        order_id=invoice.order_id,
        lines=credited.lines,
        rates=credited.rates,
        taken_back=take_same_rates(Amounts(credited.rates), advances),
        shares=shares,
        grounds=grounds,
        issued_on=day,
        now=now,
        by=by,
    )


def forgive_document(
    session: Session,
    invoice: Invoice,
    *,
    reason: str,
    issued_on: date,
    now: datetime,
    by: str,
) -> None:
    """Credit all that is left of a locked document that demands what paying late costs. It is set against
    what is still owed of it; what was paid is unapplied."""
    adjusted = sum_adjusted(session, invoice_id=invoice.invoice_id)
    left = invoice.total - invoice.credited - adjusted
    if left == 0:
        return
    mark_credited(invoice, amount=left)
    items = find_items(session, item_ids=(), invoice_ids=[invoice.invoice_id])
    _issue(
        session,
        account_id=invoice.account_id,
        currency=invoice.currency,
        invoice_id=invoice.invoice_id,
        order_id=None,
        lines=(),
        rates=(),
        waived={earned_of(invoice.kind): left},
        fee_id=invoice.fee_id,
        taken_back=(),
        shares=in_order(left, items, AllocationSource.CREDIT_NOTE),
        grounds=rules.Grounds(reason=reason),
        issued_on=issued_on,
        now=now,
        by=by,
    )


def credit_account(
    session: Session,
    *,
    account_id: str,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    order_id: str | None,
    issued_on: date | None,
    reason: str,
    remedy_id: str | None,
    return_id: str | None,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Issue a credit note that names no invoice; all of it is unapplied. What was billed ahead of the
    order that it names, if any, it takes back."""
    day = issued_on or today
    require_past(day, today=today, field="issued_on")
    priced = price(lines, rounding=find_rounding(session))
    require_amount(priced)
    account = lock_account_to_bill(session, account_id=account_id)
    require_billable(number=account.number, status=account.status)
    order: dict[str, Any] = {
        "order_id": order_id,
        "account_id": account_id,
        "currency": currency,
    }
    require_order(session, **order)
    lock_balances(session, keys=[(account_id, currency)])
    advances = [] if order_id is None else find_order_advances(session, **order)
    return _issue(
        session,
        account_id=account_id,
        currency=currency,
        invoice_id=None,
        order_id=order_id,
        lines=priced.lines,
        rates=priced.rates,
        taken_back=take_same_rates(Amounts(priced.rates), advances),
        shares=(),
        grounds=rules.Grounds(reason=reason, remedy_id=remedy_id, return_id=return_id),
        issued_on=day,
        now=now,
        by=by,
    )


def allocate_credit_note(
    session: Session,
    *,
    credit_note_id: str,
    instruction: Sequence[Mapping[str, Any]],
    now: datetime,
    by: str,
) -> CreditNote:
    """Set what is unapplied of a credit note against the items named."""
    note = lock_credit_note(session, credit_note_id=credit_note_id)
    allocate_instructed(session, fund=note, instruction=instruction, now=now, by=by)
    return note


def allocate_credit_note_oldest_first(
    session: Session, *, credit_note_id: str, now: datetime, by: str
) -> CreditNote:
    """Set what is unapplied of a credit note against the account's items, oldest due first."""
    note = lock_credit_note(session, credit_note_id=credit_note_id)
    allocate_oldest(session, fund=note, now=now, by=by)
    return note


def lock_credit_note(session: Session, *, credit_note_id: str) -> CreditNote:
    """The credit note for change, after the balance that comes before it in the order of locks."""
    found = fetch(session, CreditNote, credit_note_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    return fetch_for_change(session, CreditNote, credit_note_id)


def mark_void(
    session: Session, note: CreditNote, *, voided_on: date, reason: str, now: datetime, by: str
) -> None:
    """Note that a locked credit note, of which all is unapplied, is void: its invoice, if any, is
    credited by that much less."""
    note.unapplied = 0
    note.voided_on, note.voided_at = voided_on, now
    note.voided_by, note.void_reason = by, reason
    if note.invoice_id is not None:
        invoice = fetch_for_change(session, Invoice, note.invoice_id)
        mark_credited(invoice, amount=-note.total)
    session.flush()


def _require_creditable(session: Session, invoice: Invoice) -> Creditable:
    require_sale(
        invoice.kind,
        reclaimed=invoice.reclaimed,
        notice_id=invoice.notice_id,
        name=invoice.name,
    )
    require_allowed(Action.CREDIT, status=invoice.status, name=invoice.name)
    given_up = sum_adjusted(session, invoice_id=invoice.invoice_id)
    return read_creditable(session, invoice, given_up=given_up)


def _issue(
    session: Session,
    *,
    account_id: str,
    currency: str,
    invoice_id: str | None,
    order_id: str | None,
    lines: Sequence[Line],
    rates: Sequence[RateTotal],
    taken_back: Sequence[Part],
    shares: Sequence[Share],
    grounds: rules.Grounds,
    issued_on: date,
    now: datetime,
    by: str,
    waived: Mapping[LedgerAccount, int] = MappingProxyType({}),
    fee_id: str | None = None,
) -> CreditNote:
    require_not_credited(session, ids=grounds.ids)
    net, tax = sum(rate.net for rate in rates), sum(rate.tax for rate in rates)
    gross = net + tax + sum(waived.values())
    applied = total(shares)
    [number] = take_numbers(session, series=Series.CREDIT_NOTE, year=issued_on.year, count=1)
    note = CreditNote(
        credit_note_id=new_id("crn"),
        account_id=account_id,
        currency=currency,
        number=number,
        invoice_id=invoice_id,
        order_id=order_id,
        **grounds.ids,
        taken_back=sum(part.net + part.tax for part in taken_back),
        issued_on=issued_on,
        free_from=issued_on,
        net=net,
        tax=tax,
        waived=gross - net - tax,
        fee_id=fee_id,
        total=gross,
        unapplied=gross - applied,
        refunded=0,
        reason=grounds.reason,
        issued_by=by,
        recorded_at=now,
        lines=[
            CreditNoteLine(position=position, **line._asdict())
            for position, line in enumerate(lines, start=1)
        ],
        rates=[CreditNoteRate(**rate._asdict()) for rate in rates],
    )
    session.add(note)
    session.flush()
    record_parts(
        session,
        parts=taken_back,
        account_id=account_id,
        credit_note_id=note.credit_note_id,
        now=now,
    )
    facts: dict[str, Any] = {
        "credit_note_id": note.credit_note_id,
        "account_id": account_id,
        "currency": currency,
        "issued_on": issued_on,
        "net": net,
        "tax": tax,
    }
    announce(
        session,
        events.CreditNoteIssued,
        **facts,
        number=number,
        invoice_id=invoice_id,
        order_id=order_id,
        **grounds.ids,
        taken_back=note.taken_back,
        waived=note.waived,
        fee_id=fee_id,
        total=note.total,
        lines=note.lines,
    )
    journals = [rules.credit_journal(**facts, waived=waived)]
    journals += record_shares(session, fund=note, shares=shares, now=now, by=by)
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(
        open=-applied, unapplied=note.unapplied, field="lines" if lines else "amount"
    )
    change_balances(session, changes={(account_id, currency): change})
    return note
