"""What is taken off which item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Allocated(Protocol):
    """What is looked at of an allocation."""

    item_id: str
    amount: int
    source: str


def sum_taken(chosen: Sequence[Allocated], rest: int) -> dict[str, int]:
    """What is taken off which item, by its id, where the first of the allocations keeps the rest."""
    taken: dict[str, int] = {}
    for allocation in chosen:
        amount = allocation.amount - rest
        taken[allocation.item_id] = taken.get(allocation.item_id, 0) + amount
        rest = 0
    return taken
