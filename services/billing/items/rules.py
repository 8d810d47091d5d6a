"""What an open item's amounts say about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from kernel.money import TOTAL_MAX, Money
from kernel.refusals import Conflict

AccountCurrency = tuple[str, str]


class ItemKind(StrEnum):
    """What kind of document an item is of."""

    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    FEE = "fee"
    INTEREST = "interest"
    LETTER = "letter"


COSTS = frozenset({ItemKind.FEE, ItemKind.INTEREST, ItemKind.LETTER})
"""What paying late costs: assessed by collections, neither sale nor tax."""


class ItemStatus(StrEnum):
    """Computed from the amounts, never stored."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    WRITTEN_OFF = "written_off"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A change of one item's balance, what of it is given up, and from which day on it counts. After a
    reversal, `open_from` keeps later allocations from taking effect before it: no past day is ever paid
    twice."""

    item_id: str
    amount: int
    effective_on: date
    open_from: date = date.min
    written_off: int = 0

    def __add__(self, other: ItemChange) -> ItemChange:
        assert other.item_id == self.item_id
        return ItemChange(
            self.item_id,
            self.amount + other.amount,
            max(self.effective_on, other.effective_on),
            max(self.open_from, other.open_from),
            self.written_off + other.written_off,
        )


class Held(NamedTuple):
    """What a locked balance comes to."""

    open: int
    unapplied: int


@dataclass(slots=True)
class BalanceChange:
    """What one transaction changes of an account's open items and unapplied money, in one currency;
    `field` is what a caller gave that may be too much for the balance."""

    open: int = 0
    unapplied: int = 0
    field: str = "amount"


def require_none_on_its_way(name: str, *, items: Iterable[Any]) -> None:
    """What money is being fetched for stays owed meanwhile."""
    if any(item.in_flight_total for item in items):
        raise Conflict(
            "debit_on_its_way",
            f"Money for invoice {name} is being fetched. Cancel the debit first or, where it was sent, "
            "wait for what comes of it.",
        )


def require_room(total: int, *, currency: str, field: str) -> None:
    """What is open on an account, and what is unapplied, comes to `TOTAL_MAX` at the most."""
    if total > TOTAL_MAX:
        raise Conflict(
            "balance_out_of_range",
            f"The account's balance would have to hold {Money(total, currency)}; it holds "
            f"{Money(TOTAL_MAX, currency)} at the most. Settle some of it first, or give less.",
            field=field,
        )


def item_status(*, is_void: bool, amount: int, balance: int, written_off: int) -> ItemStatus:
    """Void whatever its amounts, else open while anything is owed; then written off where the last of it
    was given up, replaced where all of it is demanded with other instalments, else paid."""
    if is_void:
        return ItemStatus.VOID
    if not amount:
        return ItemStatus.REPLACED
    if balance:
        return ItemStatus.OPEN
    return ItemStatus.WRITTEN_OFF if written_off else ItemStatus.PAID


def stands_of(balance: int, *, disputed: int, in_flight: int) -> tuple[int, int]:
    """What of a balance is contested, and what of the rest is on its way: of what was contested or sent
    only as much as is still owed."""
    contested = min(disputed, balance)
    return contested, min(in_flight, balance - contested)
