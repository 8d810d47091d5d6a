"""About what an account is to be contacted, and in which words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.money import Money
from services.collections.dunning.rules import Claim, why_silent

OVERDUE = "overdue"
HAND_OVER_RETURNED = "hand_over_returned"
ROLES = ("payer",)


@dataclass(frozen=True, slots=True)
class Overdue:
    """What an account owes in one currency, is past its due date, and may be asked for."""

    amount: int
    oldest_due_date: date


def overdue_by_account(claims: Iterable[Claim], *, on: date) -> dict[tuple[str, str], Overdue]:
    """What may be asked for and was due before `on`, by account and currency."""
    found: dict[tuple[str, str], Overdue] = {}
    for claim in claims:
        item = claim.item
        if item.due_date < on and why_silent(claim) is None:
            key = (item.account_id, item.currency)
            known = found.get(key, Overdue(0, item.due_date))
            oldest = min(known.oldest_due_date, item.due_date)
            found[key] = Overdue(known.amount + claim.amount, oldest)
    return found


def say_overdue(amount: Money, *, oldest_due_date: date) -> str:
    """Why an account that has not paid is to be contacted."""
    return f"{amount} is overdue; the oldest of it was due on {oldest_due_date}."


def say_returned(amount: Money, *, reason: str) -> str:
    """Why an account is to be contacted of which collections did not take a debt over."""
    return f"The hand-over of {amount} to collections came back: {reason.rstrip('.')}."
