"""When an account's orders are stopped, and when they go on. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from kernel.money import Money
from services.collections.dunning.rules import Claim

CURED = "Nothing that a notice holding orders asked for is owed and may be asked for any more."


def unheeded(
    claims: Iterable[Claim], *, warned: Collection[str], on: date
) -> dict[str, dict[str, int]]:
    """What is owed by account and currency of the items in `warned`, for which a notice that holds
    orders was sent. Not what is paused or covered by credit; what was handed over still counts."""
    owed: dict[str, dict[str, int]] = {}
    for claim in claims:
        item = claim.item
        is_owed = claim.amount > 0 and item.hold_until is None and item.due_date < on
        if is_owed and item.item_id in warned:
            of_account = owed.setdefault(item.account_id, {})
            of_account[item.currency] = of_account.get(item.currency, 0) + claim.amount
    return owed


def reason_to_hold(owed: dict[str, int]) -> str:
    """The reason in words."""
    amounts = ", ".join(str(Money(minor, currency)) for currency, minor in sorted(owed.items()))
    return f"A notice that holds orders is unheeded: {amounts} overdue."


def placed_version(number: int) -> int:
    """The version of an account's credit hold once its `number`th hold is placed: placing and lifting
    are a change each."""
    return 2 * number - 1


def lifted_version(number: int) -> int:
    """The version once that hold is lifted."""
    return 2 * number
