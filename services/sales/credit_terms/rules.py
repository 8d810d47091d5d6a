"""The credit check: each limit by itself. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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


class Book:
    """What the credit check sees of accounts, by account and currency, while orders are drafted and
    agreed to, one after the other."""

    def __init__(self, seen: Mapping[tuple[str, str], Credit]) -> None:
        self._credits = dict(seen)
        self._groups = defaultdict[tuple[str, str], int](int)

    def read(self, account_id: str, currency: str, *, but_for: int = 0) -> Credit:
        """What it sees now; of the drafts not the one of this total, which is to be agreed to."""
        credit = self._credits[account_id, currency]
        if credit.counts_drafts and but_for > 0:
            standing = replace(credit.standing, drafts=credit.standing.drafts - but_for)
            credit = replace(credit, standing=standing)
        if credit.group is None:
            return credit
        exposure = credit.group.exposure + self._groups[credit.group.account_id, currency]
        return replace(credit, group=replace(credit.group, exposure=exposure))

    def agree(self, account_id: str, currency: str, gross: int, *, drafted: int = 0) -> None:
        """Count an order of `gross` as agreed to that was a draft of `drafted`; below 0 no more."""
        credit = self._credits[account_id, currency]
        standing = replace(credit.standing, open_orders=credit.standing.open_orders + gross)
        self._credits[account_id, currency] = replace(credit, standing=standing)
        self.draft(account_id, currency, -drafted)
        if credit.group is not None:
            self._groups[credit.group.account_id, currency] += gross

    def draft(self, account_id: str, currency: str, total: int) -> None:
        """Count a draft of this total, where drafts count; below 0 no more."""
        credit = self._credits[account_id, currency]
        if credit.counts_drafts and total:
            standing = replace(credit.standing, drafts=credit.standing.drafts + total)
            self._credits[account_id, currency] = replace(credit, standing=standing)


def overdue_before(today: date, *, days: int) -> date:
    """What was due before this day is more than so many days past due. 5 days on 10 March: what was due
    on 4 March or earlier; what is 3 days late counts nothing."""
    return today - timedelta(days=days)


def overdue_limit_in(currency: str, *, account_currency: str, terms: Terms) -> int | None:
    """What may be overdue in a currency: as with the credit limit, nothing in any but the account's."""
    limit = terms.overdue_limit
    return limit_in(currency, account_currency=account_currency, credit_limit=limit)


def group_limit_in(currency: str, *, account_currency: str, credit_limit: int) -> int:
    """The limit of a group, which has one, in a currency."""
    limit = limit_in(currency, account_currency=account_currency, credit_limit=credit_limit)
    assert limit is not None, "it has one"
    return limit


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
        f"Account {standing.number} owes {amount} that was due more than {overdue.days} "
        f"day{'' if overdue.days == 1 else 's'} ago; at most {at_most} may be. Collect what is overdue, "
        "or have a lead override the check for it.",
        currency=standing.currency,
        overdue=overdue.amount,
        overdue_limit=limit,
        overdue_days=overdue.days,
    )
