"""Issue credit notes and allocate them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.accounts.usecases import lock_billed
from services.billing.advances.queries import find_advances
from services.billing.advances.usecases import record_uses
from services.billing.allocations.queries import find_discounted, sum_adjusted
from services.billing.allocations.rules import AllocationSource, Standing, in_order, total
from services.billing.allocations.usecases import Spending, announce_spent, journals_of, spend
from services.billing.company.queries import find_rounding
from services.billing.crediting.rules import Credit
from services.billing.credits import events, rules
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.credits.queries import find_creditable, find_credited
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import earned_of
from services.billing.invoices.usecases import lock_invoice, mark_credited
from services.billing.items.queries import find_items, get_item
from services.billing.items.rules import AccountCurrency, BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import require_past
from services.billing.ledger.usecases import post_journals
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.orders.queries import require_order
from services.billing.pricing.rules import Line, price, require_amount
from services.billing.settling.usecases import (
    allocate_instructed,
    allocate_oldest,
    turn_discounts_round,
)


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
    return_part: int = 1,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Credit an invoice by a gross amount, by lines, by net amounts at its rates, or by all that is left
    of it. It is set against what is still owed on the invoice; the rest is unapplied."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    grounds = rules.Grounds(
        reason=reason, remedy_id=remedy_id, return_id=return_id, return_part=return_part
    )
    desk = open_desk(session, invoices=[invoice], grounds=[grounds], today=today)
    credited = desk.choose(invoice, amount=amount, lines=lines, rates=rates)
    _turn_round(session, desk, invoice, credited, issued_on or today, now, by)
    shares = desk.share_out(credited, invoice)
    how: dict[str, Any] = {"shares": shares, "grounds": grounds, "issued_on": issued_on}
    note = desk.lower(invoice, credited, credit_note_id=new_id("crn"), **how)
    return _issue_one(session, note, now, by)


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
    invoice = lock_invoice(session, invoice_id=get_item(session, item_id=item_id).invoice_id)
    desk = open_desk(session, invoices=[invoice], grounds=[grounds], today=today)
    credited = desk.choose(invoice, amount=amount, lines=None, rates=None)
    _turn_round(session, desk, invoice, credited, today, now, by)
    shares = desk.share_out(credited, invoice, first=item_id)
    how: dict[str, Any] = {"shares": shares, "grounds": grounds, "issued_on": None}
    note = desk.lower(invoice, credited, credit_note_id=new_id("crn"), **how)
    return _issue_one(session, note, now, by)


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
    items = find_items(session, item_ids=(), invoice_ids=[invoice.invoice_id])
    note = rules.NewNote(
        credit_note_id=new_id("crn"),
        account_id=invoice.account_id,
        currency=invoice.currency,
        issued_on=issued_on,
        grounds=rules.Grounds(reason=reason),
        invoice_id=invoice.invoice_id,
        waived={earned_of(invoice.kind): left},
        fee_id=invoice.fee_id,
        shares=in_order(left, items, AllocationSource.CREDIT_NOTE),
    )
    issue_notes(session, new=[note], now=now, by=by)


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
    return_part: int = 1,
    today: date,
    now: datetime,
    by: str,
) -> CreditNote:
    """Issue a credit note that names no invoice, to whoever pays for the account; all of it is unapplied.
    What was billed ahead of the order that it names, if any, it takes back of what they were billed."""
    priced = price(lines, rounding=find_rounding(session))
    require_amount(priced)
    billed = lock_billed(session, account_id=account_id)
    billed.require_billable()
    of: dict[str, Any] = {"order_id": order_id, "account_id": account_id, "currency": currency}
    require_order(session, **of)
    grounds = rules.Grounds(
        reason=reason, remedy_id=remedy_id, return_id=return_id, return_part=return_part
    )
    of |= billed.names
    keys = [(of["account_id"], currency)]
    order_ids = [] if order_id is None else [order_id]
    desk = open_desk(session, keys=keys, order_ids=order_ids, grounds=[grounds], today=today)
    of |= {"credit_note_id": new_id("crn"), "grounds": grounds, "issued_on": issued_on}
    return _issue_one(session, desk.grant(priced, **of), now, by)


def open_desk(
    session: Session,
    *,
    invoices: Collection[Invoice] = (),
    keys: Collection[AccountCurrency] = (),
    order_ids: Collection[str] = (),
    grounds: Iterable[rules.Grounds],
    today: date,
) -> rules.Desk:
    """Read what credit notes need on these locked invoices, and on these accounts and orders, whose
    balances are locked; in a number of statements that does not grow with them."""
    invoice_ids = [invoice.invoice_id for invoice in invoices]
    all_keys = {*keys, *((invoice.account_id, invoice.currency) for invoice in invoices)}
    held = lock_balances(session, keys=all_keys) if all_keys else {}
    advances = (
        find_advances(session, invoice_ids=invoice_ids, order_ids=order_ids)
        if invoice_ids or order_ids
        else ()
    )
    return rules.Desk(
        today=today,
        held=held,
        creditable=find_creditable(session, invoices),
        items=_find_standing(session, invoice_ids),
        advances=advances,
        credited=find_credited(session, grounds=grounds),
    )


def issue_notes(
    session: Session, *, new: Sequence[rules.NewNote], now: datetime, by: str
) -> dict[str, str]:
    """Issue credit notes, in a number of statements that does not grow with them; their numbers by id.
    Their balances, and the invoices that they lower, are locked."""
    numbers = _take_numbers(session, new)
    lines = {note.credit_note_id: _number_lines(note.lines) for note in new}
    _store(session, new, numbers, lines, now, by)
    spendings = [Spending(note, note.shares, by) for note in new]
    spent = spend(session, spendings=spendings, now=now)
    journals = []
    for note, each in zip(new, spent, strict=True):
        told = {"number": numbers[note.credit_note_id], "lines": lines[note.credit_note_id]}
        announce(session, events.CreditNoteIssued, **note.facts, **told)
        announce_spent(session, each)
        journals += [rules.credit_journal(note), *journals_of(note, each.rows)]
    post_journals(session, journals=journals, now=now)
    changes: dict[AccountCurrency, BalanceChange] = {}
    for note in new:
        change = changes.setdefault(note.balance, BalanceChange(field=note.given_as))
        change.open -= total(note.shares)
        change.unapplied += note.unapplied
    change_balances(session, changes=changes)
    return numbers


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
        mark_credited(session, amounts={note.invoice_id: -note.total})
    session.flush()


def _find_standing(session: Session, invoice_ids: Collection[str]) -> dict[str, list[Standing]]:
    items: defaultdict[str, list[Standing]] = defaultdict(list)
    found = find_items(session, item_ids=(), invoice_ids=invoice_ids) if invoice_ids else ()
    for item in found:
        items[item.invoice_id].append(Standing.of(item))
    return items


def _turn_round(
    session: Session,
    desk: rules.Desk,
    invoice: Invoice,
    credited: Credit,
    turned_on: date,
    now: datetime,
    by: str,
) -> None:
    """Have owed again what was discounted of what is credited now, before it is set against the items."""
    if not find_discounted(session, invoice_ids=[invoice.invoice_id]):
        return
    require_past(turned_on, today=desk.today, field="issued_on")
    left = desk.creditable[invoice.invoice_id].total_left
    how: dict[str, Any] = {"turned_on": turned_on, "now": now, "by": by}
    turn_discounts_round(session, invoice, credited=credited.total, left=left, **how)
    desk.items.update(_find_standing(session, [invoice.invoice_id]))


def _issue_one(session: Session, note: rules.NewNote, now: datetime, by: str) -> CreditNote:
    issue_notes(session, new=[note], now=now, by=by)
    return fetch(session, CreditNote, note.credit_note_id)


def _take_numbers(session: Session, new: Sequence[rules.NewNote]) -> dict[str, str]:
    by_year: defaultdict[int, list[str]] = defaultdict(list)
    for note in new:
        by_year[note.issued_on.year].append(note.credit_note_id)
    numbers: dict[str, str] = {}
    for year, ids in sorted(by_year.items()):
        taken = take_numbers(session, series=Series.CREDIT_NOTE, year=year, count=len(ids))
        numbers.update(zip(ids, taken, strict=True))
    return numbers


def _number_lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    free = {"invoice_position": None, "order_line_id": None, "is_price_reduction": False}
    return [
        {"position": place, **free, **line._asdict()} for place, line in enumerate(lines, start=1)
    ]


def _store(
    session: Session,
    new: Sequence[rules.NewNote],
    numbers: Mapping[str, str],
    lines: Mapping[str, Sequence[Mapping[str, Any]]],
    now: datetime,
    by: str,
) -> None:
    """Store credit notes with their lines and rates, and what they take of invoices and advances."""
    fixed = {"version": 1, "refunded": 0, "issued_by": by, "recorded_at": now}
    notes = [
        {
            **note.facts,
            **fixed,
            "number": numbers[note.credit_note_id],
            "free_from": note.free_from,
            "unapplied": note.unapplied,
            "reason": note.grounds.reason,
        }
        for note in new
    ]
    insert_rows(session, CreditNote, notes)
    owned = [
        {"credit_note_id": note.credit_note_id, **line}
        for note in new
        for line in lines[note.credit_note_id]
    ]
    insert_rows(session, CreditNoteLine, owned)
    rates = [
        {"credit_note_id": note.credit_note_id, **rate._asdict()}
        for note in new
        for rate in note.rates
    ]
    insert_rows(session, CreditNoteRate, rates)
    uses = [
        ({"account_id": note.account_id, "credit_note_id": note.credit_note_id}, note.parts)
        for note in new
    ]
    record_uses(session, uses=uses, now=now)
    amounts: Counter[str] = Counter()
    for note in new:
        if note.invoice_id is not None:
            amounts[note.invoice_id] += note.total
    mark_credited(session, amounts=amounts)
