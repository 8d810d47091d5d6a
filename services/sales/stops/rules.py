"""Which confirmed orders a lowered credit limit has no room for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kernel.money import Money
from kernel.refusals import Conflict

ORDER_STOPPED = "order_stopped"
ROLES = ("payer", "decision_maker")
FITS = "It fits the credit limit again, or nothing of it is open."


@dataclass(frozen=True, slots=True)
class AgreedOrder:
    """A confirmed order; amounts in minor units. `agreed_limit` is the credit limit it was agreed under,
    none was no limit; `open` its part in the exposure that is not shipped, `shipped` the one that is."""

    order_id: str
    number: str
    confirmed_at: datetime
    agreed_limit: int | None
    open: int
    shipped: int


def is_lowered(limit: int | None, *, agreed_limit: int | None) -> bool:
    """Whether a credit limit is lower than the one something was agreed under; none is no limit."""
    return limit is not None and (agreed_limit is None or limit < agreed_limit)


def find_unfit(
    orders: Iterable[AgreedOrder], *, limit: int | None, balance: int
) -> list[AgreedOrder]:
    """The orders that were agreed under a higher limit and that the present one has no room for, beside
    what is owed, shipped, and agreed before: who was promised first is served first."""
    if limit is None:
        return []
    known = sorted(orders, key=lambda order: (order.confirmed_at, order.number))
    room = limit - balance - sum(order.shipped for order in known)
    unfit = []
    for order in known:
        is_agreed_under_it = not is_lowered(limit, agreed_limit=order.agreed_limit)
        if is_agreed_under_it or order.open <= max(room, 0):
            room -= order.open
        else:
            unfit.append(order)
    return unfit


def why_stopped(number: str, *, limit: int, currency: str) -> str:
    """The reason in words."""
    return (
        f"The credit limit was lowered to {Money(limit, currency)} "
        f"and has no room for order {number} any more."
    )


def say_stopped(open_amount: Money, *, reason: str) -> str:
    """Why an account is to be contacted of which an order is stopped."""
    return f"Goods for {open_amount} are not shipped. {reason}"


def stopped(number: str, reason: str) -> Conflict:
    """That an order is stopped, and what to do."""
    return Conflict(
        "order_stopped",
        f"{reason} Collect what is owed, have the limit raised, or release order {number}.",
    )


def stopped_version(count: int) -> int:
    """The version of an order's stops once its `count`th is made: making and ending are a change each."""
    return 2 * count - 1


def released_version(count: int) -> int:
    """The version once that stop is over."""
    return 2 * count
