"""From which day a payment or allocation may be taken back."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Invalid
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount, require_past


def choose_day(asked: date | None, *, earliest: date, today: date, field: str) -> date:
    """The day asked for, or today; not to come, and not before what is taken back was so."""
    day = asked or today
    require_past(day, today=today, field=field)
    if day < earliest:
        raise Invalid(
            "too_early", f"{field} is {day}; it can be {earliest} at the earliest.", field=field
        )
    return day


def reversal_journal(
    *, payment_id: str, account_id: str, currency: str, reversed_on: date, amount: int
) -> Journal:
    """The receipt, turned round: the money is not there."""
    return Journal(
        JournalKind.PAYMENT_REVERSED,
        payment_id,
        account_id,
        currency,
        reversed_on,
        {LedgerAccount.UNAPPLIED_CASH: amount, LedgerAccount.CASH: -amount},
    )
