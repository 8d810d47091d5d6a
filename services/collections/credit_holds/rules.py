"""When an account's orders are stopped, and when they go on. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from kernel.money import Money
from services.collections.dunning.rules import Claim


class CreditHoldStatus(StrEnum):
    """Whether an account's orders are stopped; one that never were is as if the stop was lifted."""

    STANDING = "standing"
    LIFTED = "lifted"


class CreditHoldAction(StrEnum):
    """What a review may do."""

    PLACE = "place"
    LIFT = "lift"


MOVES: Mapping[CreditHoldStatus, Mapping[CreditHoldAction, CreditHoldStatus]] = {
    CreditHoldStatus.STANDING: {CreditHoldAction.LIFT: CreditHoldStatus.LIFTED},
    CreditHoldStatus.LIFTED: {CreditHoldAction.PLACE: CreditHoldStatus.STANDING},
}
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


def choose_actions(
    *, owed: Collection[str], standing: Collection[str]
) -> dict[CreditHoldAction, list[str]]:
    """The accounts for which a review does what, in order: a hold stands exactly while something is owed
    that a notice holding orders asked for."""
    chosen: dict[CreditHoldAction, list[str]] = {action: [] for action in CreditHoldAction}
    for account_id in sorted({*owed, *standing}):
        now = CreditHoldStatus.STANDING if account_id in standing else CreditHoldStatus.LIFTED
        wanted = CreditHoldStatus.STANDING if account_id in owed else CreditHoldStatus.LIFTED
        for action, to in MOVES[now].items():
            if to == wanted:
                chosen[action].append(account_id)
    return chosen


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
