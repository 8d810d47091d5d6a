"""How an amount is shared out among what is owed, as is agreed with an account or the law has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from kernel.money import split
from services.billing.items.rules import ItemKind


class AllocationPolicy(StrEnum):
    """What is paid first where nobody says what money is for."""

    OLDEST_DUE = (
        "oldest_due"  # due first; of equal days what is owed before what its lateness costs
    )
    BY_TYPE = "by_type"  # fees, letters, interest, then the rest; of each the oldest due first
    COSTS_INTEREST_PRINCIPAL = "costs_interest_principal"  # section 367 BGB; of each the oldest due
    PRO_RATA = "pro_rata"  # of each item in the proportion of what may be asked for


class Payable(Protocol):
    """What is looked at of an item."""

    kind: str


One = TypeVar("One", bound=Payable)
Most = Callable[[One], int]

_RANKS: Mapping[AllocationPolicy, Mapping[str, int]] = {
    AllocationPolicy.OLDEST_DUE: {},
    AllocationPolicy.BY_TYPE: {ItemKind.FEE: 0, ItemKind.LETTER: 1, ItemKind.INTEREST: 2},
    AllocationPolicy.COSTS_INTEREST_PRINCIPAL: {
        ItemKind.FEE: 0,
        ItemKind.LETTER: 0,
        ItemKind.INTEREST: 1,
    },
}
_LAST = 3


def share_out(
    policy: AllocationPolicy, amount: int, items: Sequence[One], *, most: Most[One]
) -> list[tuple[One, int]]:
    """What of an amount each item gets, at `most` so much; those without any are left out. The items
    come oldest due first. Nothing is left of the amount while any item could get more."""
    if policy == AllocationPolicy.PRO_RATA:
        return in_proportion(amount, items, most=most)
    ranks = _RANKS[policy]
    return one_by_one(
        amount, sorted(items, key=lambda item: ranks.get(item.kind, _LAST)), most=most
    )


def one_by_one(amount: int, items: Iterable[One], *, most: Most[One]) -> list[tuple[One, int]]:
    """Each item in the order given gets all it may, until the amount is used up."""
    shares = []
    for item in items:
        if amount <= 0:
            break
        share = min(amount, most(item))
        if share > 0:
            shares.append((item, share))
            amount -= share
    return shares


def in_proportion(amount: int, items: Sequence[One], *, most: Most[One]) -> list[tuple[One, int]]:
    """Each item gets its part by largest remainder, the older one first of equal remainders."""
    weights = [max(most(item), 0) for item in items]
    whole = sum(weights)
    if not whole:
        return []
    shares = split(min(amount, whole), weights)
    return [(item, share) for item, share in zip(items, shares, strict=True) if share]
