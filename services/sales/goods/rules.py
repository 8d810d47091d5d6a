"""Which shipments have their goods, where there are not enough for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kernel.refusals import Conflict


class Wanted(NamedTuple):
    """An order line, as far as its goods are concerned; so much of it is still open."""

    line_id: str
    account_id: str
    order_id: str
    product_id: str
    sku: str
    promised_on: date | None
    open: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """What a shipment needs of each line, and what of that it `had` already; whether it `leaves` at
    once."""

    quantities: Mapping[str, Decimal]
    had: Mapping[str, Decimal]
    leaves: bool = False

    def change(self, line_id: str) -> Decimal:
        """By how much it needs more of a line than before; below 0 less."""
        nothing = Decimal(0)
        return self.quantities.get(line_id, nothing) - self.had.get(line_id, nothing)


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is: by product what is free, of those of which stock is kept; by line what is reserved
    for it, and of which product it is."""

    free: Mapping[str, Decimal]
    reserved: Mapping[str, Decimal]
    products: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Short:
    """A line of which a need wants more in all than there can be."""

    line_id: str
    wanted: Decimal
    there: Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """What shipments have of each line in all, and which of the needs are not met, by their place."""

    kept: Mapping[str, Decimal]
    short: Mapping[int, Short]

    def find_staying(self, needs: Sequence[Need]) -> dict[str, Decimal]:
        """What shipments have of those lines of which not all leaves at once: that alone is to be
        reserved."""
        leaving: dict[str, Decimal] = {}
        for place, need in enumerate(needs):
            if need.leaves and place not in self.short:
                for line_id, many in need.quantities.items():
                    leaving[line_id] = leaving.get(line_id, Decimal(0)) + many
        return {
            line_id: many for line_id, many in self.kept.items() if many != leaving.get(line_id)
        }


class Shelf:
    """What there is, while shipments take theirs one after the other. `kept` is what they have of each
    line in all by now."""

    def __init__(self, stock: Stock, secured: Mapping[str, Decimal]) -> None:
        self.kept = defaultdict[str, Decimal](Decimal, secured)
        self._reserved = defaultdict[str, Decimal](Decimal, stock.reserved)
        self._free = dict(stock.free)
        self._products = dict(stock.products)

    def put(self, products: Mapping[str, str]) -> None:
        """Let more lines, each of a product, take of it."""
        self._products.update(products)

    def take(self, need: Need) -> Short | None:
        """Let a shipment have all that it needs or, where something is short, no more than before."""
        after = {
            line_id: self.kept[line_id] + need.change(line_id)
            for line_id in {**need.had, **need.quantities}
        }
        short = _find_short(after, self._reserved, self._free, self._products)
        if short is not None:
            return short
        self.kept |= after
        for line_id, many in after.items():
            product_id = self._products[line_id]
            if product_id in self._free:
                more = max(many - self._reserved[line_id], Decimal(0))
                self._free[product_id] -= more
            self._reserved[line_id] = max(self._reserved[line_id], many)
        return None

    def keep(self, product_id: str, quantity: Decimal) -> None:
        """Let a line that is agreed to have what is free of so much; it waits for the rest."""
        if product_id in self._free:
            there = max(self._free[product_id], Decimal(0))
            self._free[product_id] -= min(there, quantity)


def share_out(needs: Sequence[Need], secured: Mapping[str, Decimal], stock: Stock) -> Shares:
    """Who comes first is served first, and has all of a need or nothing more than before. `secured` is
    what shipments have by now."""
    shelf = Shelf(stock, secured)
    taken = {place: shelf.take(need) for place, need in enumerate(needs)}
    line_ids = {line_id for need in needs for line_id in (*need.quantities, *need.had)}
    return Shares(
        {line_id: shelf.kept[line_id] for line_id in line_ids},
        {place: short for place, short in taken.items() if short is not None},
    )


def _find_short(
    after: Mapping[str, Decimal],
    reserved: Mapping[str, Decimal],
    free: Mapping[str, Decimal],
    products: Mapping[str, str],
) -> Short | None:
    """The first line of which there is not enough; several may be of one product."""
    left = dict(free)
    for line_id, many in after.items():
        more = max(many - reserved[line_id], Decimal(0))
        there = left.get(products[line_id])
        if there is None or not more:
            continue
        if more > there:
            return Short(line_id, many, reserved[line_id] + max(there, Decimal(0)))
        left[products[line_id]] = there - more
    return None


def out_of_stock(line: Wanted, short: Short) -> Conflict:
    """That a shipment's goods are not there."""
    numbers = {name: f"{getattr(short, name).normalize():f}" for name in ("wanted", "there")}
    return Conflict(
        "out_of_stock",
        f"Shipments want {numbers['wanted']} of {line.sku} for line {line.line_id}, and no more than "
        f"{numbers['there']} can be had for it. Take fewer, or wait until more comes in.",
        sku=line.sku,
        line_id=line.line_id,
        **numbers,
    )
