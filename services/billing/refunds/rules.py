"""How much may be given back, and what that posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from kernel.money import Money
from kernel.refusals import Conflict, Invalid, Refusal
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


def require_at_most(left: Money, *, amount: int, what: str, instead: str = "") -> None:
    """No more is given back than is there; `instead` says what is possible besides."""
    if amount > left.minor:
        raise Conflict(
            "refund_exceeds_amount",
            f"Of {what}, {left} can be refunded; ask for no more than that.{instead}",
            field="amount",
            left=left.minor,
        )


def require_amount(amount: int | None) -> int:
    """What is not credited is refunded by an amount."""
    if amount is None:
        raise Invalid(
            "amount_missing",
            "Say how much is refunded or, where what was paid is not to be owed again, what is credited.",
            field="amount",
        )
    return amount


def choose_how(credit: Mapping[str, Any], *, amount: int | None) -> dict[str, Any]:
    """How an invoice is credited with a refund: as is said, else by the amount refunded."""
    how = {name: credit[name] for name in ("amount", "lines", "rates")}
    return how if any(how.values()) else {**how, "amount": amount}


@contextmanager
def placed_in_credit(name: str | None) -> Iterator[None]:
    """What is refused of `credit` names its place in there: the field that it names or, where it names
    none, this one. With None it is of the refund itself."""
    try:
        yield
    except Refusal as refusal:
        if name:
            refusal.errors = refusal.errors or [{"field": name, "detail": refusal.detail}]
        if name is not None:
            refusal.errors = [
                each | {"field": f"credit/{each['field']}"} for each in refusal.errors
            ]
        raise


def require_credited(amount: int | None, *, credited: Money) -> int:
    """What is refunded with crediting is what is credited."""
    if amount not in (None, credited.minor):
        raise Invalid(
            "refund_not_credited",
            f"The credit comes to {credited}; refund exactly that, or leave the amount out. What is to "
            "be owed again is refunded without credit.",
            field="amount",
        )
    return credited.minor


def require_paid(paid: Money, *, amount: int, payment_id: str, invoice: str) -> None:
    """No more of an invoice is refunded and credited in one step than the payment paid of it."""
    if amount > paid.minor or paid.minor == 0:
        raise Conflict(
            "refund_exceeds_amount",
            f"Payment {payment_id} paid {paid} of invoice {invoice}; refund and credit no more than "
            "that. Credit the rest by itself.",
            field="credit",
            left=paid.minor,
        )


def require_nothing_along(*, is_given: bool, invoice: str) -> None:
    """Where less than all was paid, since it was paid early or so little was missing, what is credited is
    not what was paid."""
    if is_given:
        raise Conflict(
            "given_up_along",
            f"Along with what was paid of invoice {invoice} something was given up (a discount, a "
            "difference). Credit the invoice, and refund what is unapplied of the credit note then.",
            field="credit",
        )


def refund_journal(
    *,
    refund_id: str,
    account_id: str,
    currency: str,
    refunded_on: date,
    ledger_account: LedgerAccount,
    amount: int,
) -> Journal:
    """Money goes out; what the client had with us is less by it."""
    return Journal(
        JournalKind.MONEY_REFUNDED,
        refund_id,
        account_id,
        currency,
        refunded_on,
        {ledger_account: amount, LedgerAccount.CASH: -amount},
    )
