"""Of which days a statement tells."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Invalid
from services.billing.ledger.rules import LedgerAccount

CLIENTS = (LedgerAccount.RECEIVABLES, LedgerAccount.UNAPPLIED_CASH, LedgerAccount.CREDITS)
"""Where the ledger has what a client owes us, less what we have of theirs: they sum to the balance."""
DAYS_MAX = 1827  # five years


def require_within_reach(first_day: date, last_day: date) -> None:
    """A statement tells of five years at most."""
    if (last_day - first_day).days >= DAYS_MAX:
        raise Invalid(
            "period_too_long",
            f"A statement tells of {DAYS_MAX} days at most; ask for several, each from the day after.",
            field="to",
        )
