"""Reads of statement runs: how far they are, and whose statements they are to make."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.refusals import NotFound
from services.billing.items.rules import AccountCurrency
from services.billing.ledger.models import JournalEntry
from services.billing.reports.queries import select_open_items
from services.billing.statement_runs.models import RunStatement, StatementRun
from services.billing.statement_runs.rules import CHUNK, StatementStatus, Which
from services.billing.statements.rules import CLIENTS, Period

_COLUMNS = [column.name for column in StatementRun.__table__.columns]


def get_run(session: Session, *, statement_run_id: str) -> dict[str, Any]:
    """A run, with how many of its statements stand where."""
    run = fetch(session, StatementRun, statement_run_id)
    counts = count_statements(session, statement_run_id=statement_run_id)
    return {name: getattr(run, name) for name in _COLUMNS} | {"counts": counts}


def list_runs(
    session: Session, *, status: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Runs, the newest first."""
    found = select(StatementRun)
    if status is not None:
        found = found.where(StatementRun.status == status)
    by = [StatementRun.statement_run_id]
    return read_page(session, found, by=by, limit=limit, after=after, is_descending=True)


def list_statements(
    session: Session,
    *,
    statement_run_id: str,
    status: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of a run's statements, of which it is known that there is the run."""
    fetch(session, StatementRun, statement_run_id)
    found = select(RunStatement).where(RunStatement.statement_run_id == statement_run_id)
    if status is not None:
        found = found.where(RunStatement.status == status)
    by = [RunStatement.account_id, RunStatement.currency]
    return read_page(session, found, by=by, limit=limit, after=after)


def count_statements(session: Session, *, statement_run_id: str) -> list[dict[str, Any]]:
    """How many statements of a run stand where, and why those that did not go out did not."""
    by = [RunStatement.status, RunStatement.reason]
    found = session.execute(
        select(*by, func.count().label("statements"))
        .where(RunStatement.statement_run_id == statement_run_id)
        .group_by(*by)
        .order_by(*by)
    )
    return [dict(row._mapping) for row in found]


def count_in(counts: Sequence[dict[str, Any]], status: StatementStatus) -> int:
    """How many of these stand there."""
    return sum(one["statements"] for one in counts if one["status"] == status)


def read_pending(session: Session, *, statement_run_id: str) -> Sequence[RunStatement]:
    """The next statements of a run that are to be made."""
    found = (
        select(RunStatement)
        .where(
            RunStatement.statement_run_id == statement_run_id,
            RunStatement.status == StatementStatus.PENDING,
        )
        .order_by(RunStatement.account_id, RunStatement.currency)
        .limit(CHUNK)
        .execution_options(populate_existing=True)
    )
    return session.scalars(found).all()


def lock_statement(session: Session, key: tuple[str, str, str]) -> RunStatement:
    """The statement of a run, account and currency, which nobody else changes before this transaction
    ends."""
    found = session.get(RunStatement, key, populate_existing=True, with_for_update=True)
    if found is None:
        run_id, account_id, currency = key
        raise NotFound(
            "statement_not_found",
            f"Account {account_id} has no statement in {currency} in run {run_id}.",
        )
    return found


def find_to_state(
    session: Session,
    *,
    which: str,
    accounts: Collection[str] | None,
    currency: str | None,
    period: Period,
) -> list[AccountCurrency]:
    """The accounts and currencies, of these or of all, that are to be told of a period."""
    found: set[AccountCurrency] = set()
    if which in (Which.OPEN, Which.ACTIVE):
        found |= _read(session, _open(accounts, currency, period))
    if which in (Which.MOVED, Which.ACTIVE):
        since = JournalEntry.effective_on >= period.first_day
        found |= _read(session, _moved(accounts, currency, period, since))
    if which == Which.ALL:
        found |= _read(session, _moved(accounts, currency, period))
    return sorted(found)


def _read(session: Session, statement: Select[Any]) -> set[AccountCurrency]:
    return {(row.account_id, row.currency) for row in session.execute(statement)}


def _open(accounts: Collection[str] | None, currency: str | None, period: Period) -> Select[Any]:
    last_day, known_at = period.last_day, period.known_at
    items = select_open_items(last_day, known_at, currency, None, account_ids=accounts)
    return select(items.c.account_id, items.c.currency).distinct()


def _moved(
    accounts: Collection[str] | None,
    currency: str | None,
    period: Period,
    *days: ColumnElement[bool],
) -> Select[Any]:
    """What only moves money between a payment and an item tells of nothing."""
    entry = JournalEntry
    journals = select(entry.account_id, entry.currency).where(
        entry.ledger_account.in_(CLIENTS),
        entry.effective_on <= period.last_day,
        entry.recorded_at <= period.known_at,
        *days,
    )
    if accounts is not None:
        journals = journals.where(entry.account_id.in_(accounts))
    if currency is not None:
        journals = journals.where(entry.currency == currency)
    by = (entry.journal_id, entry.account_id, entry.currency)
    moved = journals.group_by(*by).having(func.sum(entry.amount) != 0).subquery()
    return select(moved.c.account_id, moved.c.currency).distinct()


def period_of(run: StatementRun) -> Period:
    """Of which days a run tells, as known when."""
    return Period(run.first_day, run.last_day, run.known_at)
