"""How much of a payment is written off as too much, and what that posts."""

from __future__ import annotations

from datetime import date

from kernel.money import Money
from kernel.refusals import Conflict
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


def choose_amount(asked: int | None, *, unapplied: Money, payment_id: str) -> int:
    """What is written off: what is asked, or all that is unapplied; Conflict where that is less."""
    amount = unapplied.minor if asked is None else asked
    if amount > unapplied.minor or not amount:
        raise Conflict(
            "overpayment_exceeds_unapplied",
            f"Of payment {payment_id}, {unapplied} is unapplied; write off no more than that, and "
            "only where something is.",
            field="amount",
            unapplied=unapplied.minor,
        )
    return amount


def overpayment_journal(
    *, adjustment_id: str, account_id: str, currency: str, day: date, amount: int
) -> Journal:
    """What we owed the client is ours; below nothing, it is owed to them again."""
    kind = JournalKind.OVERPAYMENT_WRITTEN_OFF if amount > 0 else JournalKind.OVERPAYMENT_REVERSED
    amounts = {LedgerAccount.UNAPPLIED_CASH: amount, LedgerAccount.OVERPAYMENTS: -amount}
    return Journal(kind, adjustment_id, account_id, currency, day, amounts)
