"""What is open and unapplied, each figured in independent ways that must agree to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.billing.adjustments.models import Adjustment
from services.billing.adjustments.rules import AdjustmentKind
from services.billing.allocations.models import Allocation
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.items.models import AccountBalance, Item
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.payments.models import Payment
from services.billing.refunds.models import Refund
from services.billing.reversals.models import PaymentReversal

DIFFERENCES_MAX = 100
CURRENCIES_MAX = 200

_IS_OVERPAYMENT = Adjustment.payment_id.is_not(None)
_STANDS = Adjustment.reversed_on.is_(None)

Amount = ColumnElement[Any] | InstrumentedAttribute[Any]


def reconcile(session: Session) -> dict[str, Any]:
    """Compare every way of figuring what is open, what is unapplied, and the ledger's two sides, for
    each account and currency. No difference is allowed."""
    found = [
        row
        for check, figures in (
            ("open", _open()),
            ("unapplied", _unapplied()),
            ("double_entry", _double_entry()),
            ("costs", _costs()),
            ("given_up", _given_up()),
            ("tax", _tax()),
        )
        for row in _compare(session, check, figures)
    ]
    differences = [row for row in found if row["account_id"] is not None]
    return {
        "is_reconciled": not differences,
        "differences": differences[:DIFFERENCES_MAX],
        "totals": [row for row in found if row["account_id"] is None],
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
            _of(Payment, Payment.amount),
            _of(PaymentReversal, -PaymentReversal.amount),
            _of(CreditNote, CreditNote.total).where(CreditNote.voided_on.is_(None)),
            _of(Allocation, -Allocation.amount).where(Allocation.adjustment_id.is_(None)),
            _of(Refund, -Refund.amount),
            _of(Adjustment, -Adjustment.amount).where(_IS_OVERPAYMENT, _STANDS),
            _of(Invoice, Invoice.reclaimed).where(Invoice.voided_on.is_(None)),
        ],
        "balance": [_of(AccountBalance, AccountBalance.unapplied)],
    }


def _double_entry() -> dict[str, list[Select[Any]]]:
    amount = JournalEntry.amount
    return {
        "debits": [_of(JournalEntry, amount).where(amount > 0)],
        "credits": [_of(JournalEntry, -amount).where(amount < 0)],
    }


def _costs() -> dict[str, list[Select[Any]]]:
    costs = JournalEntry.ledger_account.in_([LedgerAccount.FEES, LedgerAccount.INTEREST])
    return {
        "ledger": [_of(JournalEntry, -JournalEntry.amount).where(costs)],
        "documents": [
            _of(Invoice, Invoice.assessed).where(Invoice.assessed > 0),
            _of(CreditNote, -CreditNote.waived).where(CreditNote.waived > 0),
        ],
    }


def _given_up() -> dict[str, list[Select[Any]]]:
    accounts = [
        LedgerAccount.BAD_DEBT,
        LedgerAccount.PAYMENT_DIFFERENCES,
        LedgerAccount.DISCOUNTS,
    ]
    given_up = JournalEntry.ledger_account.in_(accounts)
    kinds = [JournalKind.ALLOCATION_MADE, JournalKind.ALLOCATION_REVERSED]
    tax = JournalEntry.ledger_account == LedgerAccount.TAX
    return {
        "ledger": [
            _of(JournalEntry, JournalEntry.amount).where(given_up),
            _of(JournalEntry, JournalEntry.amount).where(tax, JournalEntry.kind.in_(kinds)),
        ],
        "documents": [_of(Adjustment, Adjustment.amount).where(~_IS_OVERPAYMENT, _STANDS)],
        "history": [
            _of(Allocation, Allocation.amount).where(Allocation.adjustment_id.is_not(None))
        ],
    }


def _tax() -> dict[str, list[Select[Any]]]:
    tax = JournalEntry.ledger_account == LedgerAccount.TAX
    stands = Invoice.issued_on.is_not(None) & Invoice.voided_on.is_(None)
    return {
        "ledger": [_of(JournalEntry, -JournalEntry.amount).where(tax)],
        "documents": [
            _of(Invoice, Invoice.tax).where(stands),
            _of(CreditNote, -CreditNote.tax).where(CreditNote.voided_on.is_(None)),
            _of(Adjustment, -Adjustment.tax).where(
                Adjustment.kind == AdjustmentKind.EARLY_PAYMENT_DISCOUNT, _STANDS
            ),
        ],
    }


def _of(model: Any, amount: Amount) -> Select[Any]:
    return select(model.account_id, model.currency, amount.label("amount"))


def _compare(
    session: Session, check: str, figures: Mapping[str, list[Select[Any]]]
) -> list[dict[str, Any]]:
    """The totals by currency, without an account, then the accounts whose figures differ."""
    amounts = union_all(
        *(
            statement.add_columns(literal(figure).label("figure"))
            for figure, statements in figures.items()
            for statement in statements
        )
    ).subquery()
    account_id, currency = amounts.c.account_id, amounts.c.currency
    first, *others = [
        func.coalesce(func.sum(amounts.c.amount).filter(amounts.c.figure == figure), 0)
        for figure in figures
    ]
    is_total = func.grouping(account_id) == 1
    rows = session.execute(
        select(account_id, currency, first, *others)
        .group_by(func.grouping_sets(tuple_(currency), tuple_(account_id, currency)))
        .having(or_(is_total, *(first != other for other in others)))
        .order_by(account_id.nulls_first(), currency)
        .limit(CURRENCIES_MAX + DIFFERENCES_MAX)
    )
    return [
        {
            "check": check,
            "account_id": of,
            "currency": code,
            "figures": [
                {"figure": figure, "amount": int(amount)}
                for figure, amount in zip(figures, sums, strict=True)
            ],
        }
        for of, code, *sums in rows
    ]
