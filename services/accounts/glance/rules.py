"""What to mind about an account, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from kernel.money import Money
from services.accounts.accounts.rules import Status

EXPIRY_DAYS = 30  # before a document expires it is minded


def find_alerts(
    *,
    status: Status,
    since: date,
    owed: Sequence[Money],
    credit_limit: Money | None,
    waiting: Iterable[tuple[str, datetime]],
    expiring: Iterable[tuple[str, date]],
    today: date,
    now: datetime,
) -> Iterator[str]:
    """What to mind: a status in which no business is done, a credit limit that is reached, cases (number,
    until when they wait) that are late, documents (name, last day) that expire or have."""
    if status in (Status.ON_HOLD, Status.CLOSING, Status.CLOSED):
        yield f"The account is {status.replace('_', ' ')} since {since}: no new business."
    for amount in owed:
        if credit_limit and amount.currency == credit_limit.currency and amount >= credit_limit:
            yield f"{amount} is owed, and the credit limit is {credit_limit}."
    for number, due_at in waiting:
        if due_at <= now:
            yield f"Case {number} has waited too long."
    for name, last_on in expiring:
        if last_on < today:
            yield f"{name} expired on {last_on}."
        elif last_on <= today + timedelta(days=EXPIRY_DAYS):
            yield f"{name} expires on {last_on}."
