"""Reads of statements: from the ledger, so that they say what it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.accounts.queries import get_account
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import PLACE, Item
from services.billing.ledger.models import JournalEntry
from services.billing.payments.models import Payment
from services.billing.reports.queries import select_open_items
from services.billing.reports.rules import choose_moment, require_period
from services.billing.statements import rules

_OF_ITEMS = (
    "item_id",
    "account_id",
    "invoice_id",
    "invoice_number",
    "kind",
    "is_cost",
    "position",
    "currency",
    "issued_on",
)


def get_statement(
    session: Session,
    *,
    account_id: str,
    currency: str,
    first_day: date,
    last_day: date,
    known_at: datetime | None,
    limit: int,
    after: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What an account owed before a period and after it, and a page of what moved that in between, each
    with what it owed then."""
    require_period(first_day, last_day)
    rules.require_within_reach(first_day, last_day)
    moment = choose_moment(known_at, now=now)
    mine = (
        JournalEntry.account_id == account_id,
        JournalEntry.currency == currency,
        JournalEntry.ledger_account.in_(rules.CLIENTS),
        JournalEntry.recorded_at <= moment,
    )
    before = func.sum(JournalEntry.amount).filter(JournalEntry.effective_on < first_day)
    sums = select(func.coalesce(before, 0), func.coalesce(func.sum(JournalEntry.amount), 0))
    opening, closing = session.execute(
        sums.where(*mine, JournalEntry.effective_on <= last_day)
    ).one()
    moves = _moves(*mine, JournalEntry.effective_on.between(first_day, last_day))
    page = read_page(
        session,
        select(
            moves,
            func.coalesce(Invoice.number, CreditNote.number, Payment.reference).label("name"),
            func.coalesce(Invoice.for_account_id, CreditNote.for_account_id).label(
                "for_account_id"
            ),
        )
        .outerjoin(Invoice, Invoice.invoice_id == moves.c.document_id)
        .outerjoin(CreditNote, CreditNote.credit_note_id == moves.c.document_id)
        .outerjoin(Payment, Payment.payment_id == moves.c.document_id),
        by=[moves.c.effective_on, moves.c.journal_id],
        limit=limit,
        after=after,
    )
    get_account(session, account_id=account_id)
    return {
        "account_id": account_id,
        "currency": currency,
        "first_day": first_day,
        "last_day": last_day,
        "known_at": moment,
        "opening": int(opening),
        "closing": int(closing),
        **page,
        "items": [_tell(row, int(opening)) for row in page["items"]],
    }


def list_open_items(
    session: Session,
    *,
    account_id: str,
    as_of: date | None,
    known_at: datetime | None,
    currency: str | None,
    limit: int,
    after: str | None,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """A page of what was open of an account at the end of a day, as known at a moment."""
    day = as_of or today
    moment = choose_moment(known_at, now=now)
    then = select_open_items(day, moment, currency, account_id)
    told = [getattr(Item, name) for name in _OF_ITEMS]
    page = read_page(
        session,
        select(*told, then.c.due_date, then.c.open).join(then, then.c.item_id == Item.item_id),
        by=[then.c.due_date, *(getattr(Item, name) for name in PLACE if name != "due_date")],
        limit=limit,
        after=after,
    )
    get_account(session, account_id=account_id)
    return page


def _moves(*which: Any) -> Subquery:
    """What moved what a client owes, with what it came to in all by then: what only moves money between
    a payment and an item is left out."""
    amount = func.sum(JournalEntry.amount)
    of_one = ("journal_id", "kind", "document_id", "effective_on", "recorded_at")
    by = [getattr(JournalEntry, name) for name in of_one]
    running = func.sum(amount).over(order_by=[JournalEntry.effective_on, JournalEntry.journal_id])
    return (
        select(*by, amount.label("amount"), running.label("sum"))
        .where(*which)
        .group_by(*by)
        .having(amount != 0)
        .subquery()
    )


def _tell(row: Row[Any], opening: int) -> dict[str, Any]:
    return {**row._mapping, "amount": int(row.amount), "balance": opening + int(row.sum)}
