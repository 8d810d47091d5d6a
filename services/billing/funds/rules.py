"""Which allocations of a payment or credit note are taken back first, and off which items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Allocated(Protocol):
    """What is looked at of an allocation."""

    item_id: str
    amount: int
    source: str


Own = TypeVar("Own", bound=Allocated)


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


def sum_taken(chosen: Sequence[Allocated], rest: int) -> dict[str, int]:
    """What is taken off which item, by its id, where the first of the allocations keeps the rest."""
    taken: dict[str, int] = {}
    for allocation in chosen:
        amount = allocation.amount - rest
        taken[allocation.item_id] = taken.get(allocation.item_id, 0) + amount
        rest = 0
    return taken
