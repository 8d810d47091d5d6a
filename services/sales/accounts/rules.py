"""Whether an account may be supplied: its status, a credit hold, its credit limit."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Protocol

from kernel.money import TOTAL_MAX, Money
from kernel.refusals import Conflict, NotKnownYet

ACTIVE = "active"
CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the credit check sees of an account in one currency; amounts in minor units.

    `open_orders` is the gross value of what is confirmed and not invoiced. `credit_limit` is the limit
    in this currency; none means no limit. `hold_reason` is none where no credit hold stands. `drafts` is
    the gross value of what is drafted, 0 where that does not count."""

    account_id: str
    number: str
    status: str
    currency: str
    credit_limit: int | None
    open: int
    unapplied: int
    balance: int
    open_orders: int
    hold_reason: str | None
    drafts: int = 0

    @property
    def has_credit_hold(self) -> bool:
        return self.hold_reason is not None

    @property
    def exposure(self) -> int:
        """What the account owes or will owe for what it has ordered."""
        return self.balance + self.open_orders + self.drafts

    @property
    def available(self) -> int | None:
        """What may still be ordered, gross; negative when the limit is overdrawn; none without limit."""
        return None if self.credit_limit is None else self.credit_limit - self.exposure


def limit_in(currency: str, *, account_currency: str, credit_limit: int | None) -> int | None:
    """The credit limit in `currency`. Amounts of different currencies are never added up, so a limit
    holds in the account's own currency, and in any other an account with a limit has no credit: it
    may order there what it has paid for in advance."""
    if credit_limit is None or currency == account_currency:
        return credit_limit
    return 0


class Supplied(Protocol):
    """Of an account what decides whether it is supplied."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def hold_reason(self) -> str | None: ...


def require_known(account_id: str, known: Container[str]) -> None:
    """NotKnownYet of an account that no event has told of."""
    if account_id not in known:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")


def require_supplied(standing: Supplied) -> None:
    """Refuse to confirm or ship for an account that is not active (`account_not_active`) or that
    collections holds (`credit_hold`)."""
    if standing.status != ACTIVE:
        raise Conflict(
            "account_not_active",
            f"Account {standing.number} is {standing.status}; orders are confirmed and shipped for "
            "active accounts only. Activate or release it first, or have its closing withdrawn.",
            state=standing.status,
        )
    if standing.hold_reason is not None:
        raise Conflict(
            "credit_hold",
            f"Account {standing.number} is on credit hold ({standing.hold_reason}); nothing is "
            "confirmed or shipped until the overdue items are paid and the hold is lifted.",
            reason=standing.hold_reason,
        )


def require_credit(standing: Standing, *, gross: int) -> None:
    """Refuse what `why_no_credit` finds wrong."""
    refusal = why_no_credit(standing, gross=gross)
    if refusal is not None:
        raise refusal


def why_no_credit(standing: Standing, *, gross: int) -> Conflict | None:
    """Why an order of `gross` is not agreed to (`credit_limit_exceeded`), where it would take the
    exposure above the limit; reaching it exactly is allowed. Without a limit the exposure need only be a
    sum that can be kept (`exposure_out_of_range`)."""
    if standing.exposure + gross > TOTAL_MAX:
        return Conflict(
            "exposure_out_of_range",
            f"This order would take account {standing.number} above the exposure of "
            f"{Money(TOTAL_MAX, standing.currency)} that can be kept. Order less, or collect what is "
            "owed.",
        )
    if standing.available is None or gross <= standing.available:
        return None
    figures: dict[str, Any] = {
        "order_gross": gross,
        "balance": standing.balance,
        "open_orders": standing.open_orders,
        "drafts": standing.drafts,
        "exposure": standing.exposure + gross,
        "credit_limit": standing.credit_limit,
        "available": standing.available,
    }
    shown = {name: Money(amount, standing.currency) for name, amount in figures.items()}
    drafts = f", drafts {shown['drafts']}" if standing.drafts else ""
    return Conflict(
        "credit_limit_exceeded",
        f"This order of {shown['order_gross']} would take account {standing.number} to "
        f"{shown['exposure']} (balance {shown['balance']}, open orders {shown['open_orders']}{drafts}), "
        f"above its limit of {shown['credit_limit']}. Available: {shown['available']}. Order less, "
        "collect what is owed, or have the limit raised.",
        currency=standing.currency,
        **figures,
    )
