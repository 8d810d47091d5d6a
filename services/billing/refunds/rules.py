"""How much may be given back, and what that posts."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Conflict
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


def require_at_most(left: int, *, amount: int, what: str) -> None:
    """No more is given back than is there."""
    if amount > left:
        raise Conflict(
            "refund_exceeds_amount",
            f"Of {what}, {left} minor units can be refunded; ask for no more than that.",
            field="amount",
            left=left,
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
