"""What a payment's amounts say about it, and what it posts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.refusals import Conflict
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


class Method(StrEnum):
    """How money came."""

    TRANSFER = "transfer"
    CARD = "card"
    CHEQUE = "cheque"
    CASH = "cash"
    DIRECT_DEBIT = "direct_debit"


class PaymentStatus(StrEnum):
    """Computed from the amounts, never stored."""

    UNAPPLIED = "unapplied"
    APPLIED = "applied"
    REVERSED = "reversed"


def payment_status(*, is_reversed: bool, unapplied: int) -> PaymentStatus:
    """Unapplied while some of it is neither allocated nor refunded."""
    if is_reversed:
        return PaymentStatus.REVERSED
    return PaymentStatus.UNAPPLIED if unapplied else PaymentStatus.APPLIED


def require_standing(*, status: str, payment_id: str) -> None:
    """A reversed payment is no money any more."""
    if status == PaymentStatus.REVERSED:
        raise Conflict(
            "payment_reversed",
            f"Payment {payment_id} is reversed. Enter the new one instead; or, where the money was "
            "there after all, reverse the reversal.",
        )


def receipt_journal(
    *, payment_id: str, account_id: str, currency: str, value_date: date, amount: int
) -> Journal:
    """Money is there, and owed to the client until it is allocated."""
    return Journal(
        JournalKind.PAYMENT_RECEIVED,
        payment_id,
        account_id,
        currency,
        value_date,
        {LedgerAccount.CASH: amount, LedgerAccount.UNAPPLIED_CASH: -amount},
    )
