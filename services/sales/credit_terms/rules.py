"""The credit check: each limit by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from kernel.money import Money
from kernel.refusals import Conflict
from services.sales.accounts.rules import Standing, limit_in, why_no_credit

DAYS_MAX = 3650


class Terms(Protocol):
    """What is looked at besides the total; minor units."""

    @property
    def overdue_limit(self) -> int | None: ...
    @property
    def overdue_days(self) -> int: ...
    @property
    def counts_drafts(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Overdue:
    """What an account owes that was due more than `days` days ago, and how much that may be; minor units.
    No limit: it is not looked at."""

    amount: int
    limit: int | None
    days: int


@dataclass(frozen=True, slots=True)
class Group:
    """Whose credit limit counts for an account together with others, and what they all come to, in minor
    units of the standing's currency."""

    account_id: str
    number: str
    limit: int
    exposure: int

    @property
    def available(self) -> int:
        """What any of them may still order, gross; below 0 when overdrawn."""
        return self.limit - self.exposure


@dataclass(frozen=True, slots=True)
class Credit:
    """All that the credit check sees of an account in one currency. `group` is none where no group's
    limit counts for it."""

    standing: Standing
    counts_drafts: bool
    overdue: Overdue
    group: Group | None


def overdue_before(today: date, *, days: int) -> date:
    """What was due before this day is more than so many days past due. 5 days on 10 March: what was due
    on 4 March or earlier; what is 3 days late counts nothing."""
    return today - timedelta(days=days)


def overdue_limit_in(currency: str, *, account_currency: str, terms: Terms) -> int | None:
    """What may be overdue in a currency: as with the credit limit, nothing in any but the account's."""
    limit = terms.overdue_limit
    return limit_in(currency, account_currency=account_currency, credit_limit=limit)


def find_refusals(credit: Credit, *, gross: int) -> Iterator[Conflict]:
    """Why an order of this gross total is not agreed to: each limit by itself, the account's own, that of
    its group, that of what is overdue. Reaching a limit is allowed."""
    standing = credit.standing
    own = why_no_credit(standing, gross=gross)
    if own is not None:
        yield own
    group = credit.group
    if group is not None and gross > group.available:
        yield _group_exceeded(standing, group, gross)
    overdue = credit.overdue
    if overdue.limit is not None and overdue.amount > overdue.limit:
        yield _too_much_overdue(standing, overdue, overdue.limit)


def _group_exceeded(standing: Standing, group: Group, gross: int) -> Conflict:
    figures: dict[str, Any] = {
        "order_gross": gross,
        "group_exposure": group.exposure + gross,
        "group_limit": group.limit,
        "group_available": group.available,
    }
    shown = {name: Money(amount, standing.currency) for name, amount in figures.items()}
    return Conflict(
        "group_limit_exceeded",
        f"This order of {shown['order_gross']} would take the accounts that share the credit limit of "
        f"{group.number} to {shown['group_exposure']}, above {shown['group_limit']}. Available: "
        f"{shown['group_available']}. Order less, collect what is owed, or have that limit raised.",
        currency=standing.currency,
        **figures,
    )


def _too_much_overdue(standing: Standing, overdue: Overdue, limit: int) -> Conflict:
    amount, at_most = Money(overdue.amount, standing.currency), Money(limit, standing.currency)
    return Conflict(
        "overdue_limit_exceeded",
        f"Account {standing.number} owes {amount} that was due more than {overdue.days} days ago; at "
        f"most {at_most} may be. Collect what is overdue, or have a lead override the check for it.",
        currency=standing.currency,
        overdue=overdue.amount,
        overdue_limit=limit,
        overdue_days=overdue.days,
    )
