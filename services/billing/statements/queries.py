"""Reads of statements: from the ledger, so that they say what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.accounts.queries import get_account
from services.billing.addressees.queries import find_addressees
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import kind_of
from services.billing.items.models import PLACE, Item
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import JournalKind
from services.billing.payments.models import Payment
from services.billing.reports.queries import select_open_items
from services.billing.reports.rules import choose_moment, require_period
from services.billing.statements import rules
from services.billing.statements.rules import AccountPart, Move, OpenItem, Period, StatementFacts

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
        _with_names(select(moves), moves),
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


def read_statements(
    session: Session, members: Mapping[str, Sequence[str]], *, currency: str, period: Period
) -> dict[str, StatementFacts]:
    """Statements in a currency, by whose they are, each of these accounts; in a number of statements to
    the database that does not grow with them. Of what is too long for a document, the first of it."""
    ids = sorted({one for each in members.values() for one in each})
    opening = _read_opening(session, ids, currency, period)
    moves = _read_moves(session, ids, currency, period)
    items = _read_open_items(session, ids, currency, period)
    named = {
        *ids,
        *(row.for_account_id for rows in (*moves.values(), *items.values()) for row in rows),
    }
    names = _read_names(session, named)
    return {
        account_id: StatementFacts(
            currency=currency,
            first_day=period.first_day,
            last_day=period.last_day,
            parts=[
                AccountPart(
                    account_id=one,
                    name=names.get(one) if len(each) > 1 else None,
                    opening=opening.get(one, 0),
                    moves=[_tell_move(row, names) for row in moves[one]],
                )
                for one in each
            ],
            open_items=[
                OpenItem(
                    row.invoice_number,
                    row.issued_on,
                    row.due_date,
                    row.open,
                    names.get(row.account_id if len(each) > 1 else row.for_account_id),
                )
                for one in each
                for row in items[one]
            ],
        )
        for account_id, each in members.items()
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


def _of(ids: Sequence[str], currency: str, period: Period) -> list[ColumnElement[bool]]:
    return [
        JournalEntry.account_id.in_(ids),
        JournalEntry.currency == currency,
        JournalEntry.ledger_account.in_(rules.CLIENTS),
        JournalEntry.recorded_at <= period.known_at,
    ]


def _read_opening(
    session: Session, ids: Sequence[str], currency: str, period: Period
) -> dict[str, int]:
    found = session.execute(
        select(JournalEntry.account_id, func.sum(JournalEntry.amount))
        .where(*_of(ids, currency, period), JournalEntry.effective_on < period.first_day)
        .group_by(JournalEntry.account_id)
    )
    return {row[0]: int(row[1]) for row in found}


def _read_moves(
    session: Session, ids: Sequence[str], currency: str, period: Period
) -> defaultdict[str, list[Row[Any]]]:
    """What moved what each account owes, the first first, and no more of one than fits."""
    amount = func.sum(JournalEntry.amount)
    of_one = ("account_id", "journal_id", "kind", "document_id", "effective_on")
    by = [getattr(JournalEntry, name) for name in of_one]
    place = func.row_number().over(
        partition_by=JournalEntry.account_id,
        order_by=[JournalEntry.effective_on, JournalEntry.journal_id],
    )
    days = JournalEntry.effective_on.between(period.first_day, period.last_day)
    moves = (
        select(*by, amount.label("amount"), place.label("place"))
        .where(*_of(ids, currency, period), days)
        .group_by(*by)
        .having(amount != 0)
        .subquery()
    )
    statement = (
        _with_names(select(moves, Invoice.series), moves)
        .outerjoin(Allocation, Allocation.allocation_id == moves.c.document_id)
        .outerjoin(Item, Item.item_id == Allocation.item_id)
        .add_columns(Item.invoice_number)
        .where(moves.c.place <= rules.ROWS_MAX + 1)
        .order_by(moves.c.account_id, moves.c.place)
    )
    return _by_account(session.execute(statement))


def _read_open_items(
    session: Session, ids: Sequence[str], currency: str, period: Period
) -> defaultdict[str, list[Row[Any]]]:
    then = select_open_items(period.last_day, period.known_at, currency, None, account_ids=ids)
    place = func.row_number().over(
        partition_by=Item.account_id,
        order_by=[then.c.due_date, *(getattr(Item, name) for name in PLACE if name != "due_date")],
    )
    told = (Item.account_id, Item.invoice_number, Item.issued_on, Invoice.for_account_id)
    items = (
        select(*told, then.c.due_date, then.c.open, place.label("place"))
        .join(then, then.c.item_id == Item.item_id)
        .join(Invoice, Invoice.invoice_id == Item.invoice_id)
        .subquery()
    )
    statement = select(items).where(items.c.place <= rules.ROWS_MAX + 1)
    return _by_account(session.execute(statement.order_by(items.c.account_id, items.c.place)))


def _read_names(session: Session, account_ids: Collection[str | None]) -> dict[str | None, str]:
    known = find_addressees(session, account_ids=[one for one in account_ids if one])
    return {one.account_id: f"{one.number} · {one.name}" for one in known.values()}


def _by_account(rows: Iterable[Row[Any]]) -> defaultdict[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    return found


def _tell_move(row: Row[Any], names: Mapping[str | None, str]) -> Move:
    return Move(
        JournalKind(row.kind),
        row.effective_on,
        int(row.amount),
        row.name or row.invoice_number,
        kind_of(row.series),
        names.get(row.for_account_id),
    )


def _with_names(statement: Any, moves: Subquery) -> Any:
    """With the number of the document by which each came, a payment's reference, and for whom it is."""
    return (
        statement.add_columns(
            func.coalesce(Invoice.number, CreditNote.number, Payment.reference).label("name"),
            func.coalesce(Invoice.for_account_id, CreditNote.for_account_id).label(
                "for_account_id"
            ),
        )
        .outerjoin(Invoice, Invoice.invoice_id == moves.c.document_id)
        .outerjoin(CreditNote, CreditNote.credit_note_id == moves.c.document_id)
        .outerjoin(Payment, Payment.payment_id == moves.c.document_id)
    )


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
