"""Which shipments have their goods, where there are not enough for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kernel.refusals import Conflict


class Wanted(NamedTuple):
    """An order line, as far as its goods are concerned."""

    line_id: str
    account_id: str
    order_id: str
    product_id: str
    sku: str
    promised_on: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """What a shipment needs of each line, and what of that it `had` already."""

    quantities: Mapping[str, Decimal]
    had: Mapping[str, Decimal]

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


def share_out(needs: Sequence[Need], secured: Mapping[str, Decimal], stock: Stock) -> Shares:
    """Who comes first is served first, and has all of a need or nothing more than before. `secured` is
    what shipments have by now."""
    nothing = Decimal(0)
    line_ids = {line_id for need in needs for line_id in (*need.quantities, *need.had)}
    kept = {line_id: secured.get(line_id, nothing) for line_id in line_ids}
    reserved = {line_id: stock.reserved.get(line_id, nothing) for line_id in line_ids}
    free = dict(stock.free)
    short: dict[int, Short] = {}
    for place, need in enumerate(needs):
        after = {
            line_id: kept[line_id] + need.change(line_id)
            for line_id in {**need.had, **need.quantities}
        }
        found = _find_short(after, reserved, free, stock.products)
        if found is not None:
            short[place] = found
            continue
        kept |= after
        for line_id, many in after.items():
            product_id = stock.products[line_id]
            if product_id in free:
                free[product_id] -= max(many - reserved[line_id], nothing)
            reserved[line_id] = max(reserved[line_id], many)
    return Shares(kept, short)


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
        f"Of {line.sku}, {numbers['wanted']} are wanted in shipments of line {line.line_id}, and "
        f"{numbers['there']} are there for it. Take fewer, or wait until more comes in.",
        sku=line.sku,
        line_id=line.line_id,
        **numbers,
    )
