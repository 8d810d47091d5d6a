"""What is open and unapplied, each figured in independent ways that must agree to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import AccountBalance, Item
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import LedgerAccount
from services.billing.payments.models import Payment
from services.billing.refunds.models import Refund

DIFFERENCES_MAX = 100

Amount = ColumnElement[Any] | InstrumentedAttribute[Any]


def reconcile(session: Session) -> dict[str, Any]:
    """Compare every way of figuring what is open, what is unapplied, and the ledger's two sides, for
    each account and currency. No difference is allowed."""
    checks = {"open": _open(), "unapplied": _unapplied(), "double_entry": _double_entry()}
    differences: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for check, figures in checks.items():
        totals += _totals(session, check, figures)
        differences += _differences(session, check, figures)
    return {
        "is_reconciled": not differences,
        "differences": differences[:DIFFERENCES_MAX],
        "totals": totals,
    }


def _open() -> dict[str, list[Select[Any]]]:
    receivables = JournalEntry.ledger_account == LedgerAccount.RECEIVABLES
    return {
        "ledger": [_of(JournalEntry, JournalEntry.amount).where(receivables)],
        "items": [_of(Item, Item.balance)],
        "invoices": [_of(Invoice, Invoice.balance)],
        "history": [
            _of(Item, Item.amount).where(Item.is_void.is_(False)),
            _of(Allocation, -Allocation.amount),
        ],
        "balance": [_of(AccountBalance, AccountBalance.open)],
    }


def _unapplied() -> dict[str, list[Select[Any]]]:
    unapplied = JournalEntry.ledger_account.in_(
        [LedgerAccount.UNAPPLIED_CASH, LedgerAccount.CREDITS]
    )
    return {
        "ledger": [_of(JournalEntry, -JournalEntry.amount).where(unapplied)],
        "documents": [_of(Payment, Payment.unapplied), _of(CreditNote, CreditNote.unapplied)],
        "history": [
            _of(Payment, Payment.amount).where(Payment.reversed_on.is_(None)),
            _of(CreditNote, CreditNote.total),
            _of(Allocation, -Allocation.amount),
            _of(Refund, -Refund.amount),
        ],
        "balance": [_of(AccountBalance, AccountBalance.unapplied)],
    }


def _double_entry() -> dict[str, list[Select[Any]]]:
    amount = JournalEntry.amount
    return {
        "debits": [_of(JournalEntry, amount).where(amount > 0)],
        "credits": [_of(JournalEntry, -amount).where(amount < 0)],
    }


def _of(model: Any, amount: Amount) -> Select[Any]:
    return select(model.account_id, model.currency, amount.label("amount"))


def _figured(figures: Mapping[str, list[Select[Any]]]) -> Any:
    return union_all(
        *(
            statement.add_columns(literal(figure).label("figure"))
            for figure, statements in figures.items()
            for statement in statements
        )
    ).subquery()


def _sums(found: Any, figures: Mapping[str, Any]) -> list[Any]:
    return [
        func.coalesce(func.sum(found.c.amount).filter(found.c.figure == figure), 0)
        for figure in figures
    ]


def _totals(
    session: Session, check: str, figures: Mapping[str, list[Select[Any]]]
) -> list[dict[str, Any]]:
    found = _figured(figures)
    rows = session.execute(
        select(found.c.currency, *_sums(found, figures))
        .group_by(found.c.currency)
        .order_by(found.c.currency)
    )
    return [
        {"check": check, "currency": currency, "figures": _named(figures, sums)}
        for currency, *sums in rows
    ]


def _differences(
    session: Session, check: str, figures: Mapping[str, list[Select[Any]]]
) -> list[dict[str, Any]]:
    found = _figured(figures)
    first, *others = _sums(found, figures)
    rows = session.execute(
        select(found.c.account_id, found.c.currency, first, *others)
        .group_by(found.c.account_id, found.c.currency)
        .having(or_(*(first != other for other in others)))
        .order_by(found.c.account_id, found.c.currency)
        .limit(DIFFERENCES_MAX)
    )
    return [
        {
            "check": check,
            "account_id": account_id,
            "currency": currency,
            "figures": _named(figures, sums),
        }
        for account_id, currency, *sums in rows
    ]


def _named(figures: Mapping[str, Any], sums: list[Any]) -> list[dict[str, Any]]:
    return [
        {"figure": figure, "amount": int(amount)}
        for figure, amount in zip(figures, sums, strict=True)
    ]
