"""What is given up along with money, and how much of it is turned round with what is credited."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from kernel.money import round_half_up


class Allocated(Protocol):
    """What is looked at of an allocation."""

    amount: int


Own = TypeVar("Own", bound=Allocated)


def discount_to_turn(amount: int, *, owed: int, left: int, given: int) -> int:
    """Of the discount given on an invoice, what is turned round when an amount is credited of it: in the
    proportion of what of the note is not owed any more, rounded half up. `left` is what there was to
    credit, `owed` of that was open. Crediting all that is left turns all of it round."""
    settled = amount - owed
    if settled <= 0 or not given:
        return 0
    exact = Decimal(settled) * given / (left - owed)
    return min(given, round_half_up(exact)[0])


def choose_last(amount: int, allocations: Sequence[Own]) -> tuple[list[Own], int]:
    """The last of the allocations that together come to the amount, in their order, and what the first
    of them is more than needed."""
    chosen: list[Own] = []
    for allocation in reversed(allocations):
        if amount <= 0:
            break
        chosen.insert(0, allocation)
        amount -= allocation.amount
    return chosen, -amount
