"""What was shipped and what came back: by product, client and month, and in all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kernel.money import Money
from ops.replay.formats import Figures

SHOWN = 20  # of those that differ


class Sold(NamedTuple):
    """Pieces, and what they come to, net, in minor units."""

    shipped: int = 0
    shipped_net: int = 0
    returned: int = 0
    credited_net: int = 0

    def plus(self, quantity: int, net: int) -> "Sold":
        """With a line more: above 0 it is shipped, below it comes back."""
        if quantity > 0:
            return self._replace(
                shipped=self.shipped + quantity, shipped_net=self.shipped_net + net
            )
        return self._replace(
            returned=self.returned - quantity, credited_net=self.credited_net - net
        )

    def less(self, other: "Sold") -> "Sold":
        """With the lines of another no more."""
        return Sold(*(mine - its for mine, its in zip(self, other, strict=True)))


By = Mapping[str, Sold]


@dataclass
class Tally:
    """Figures by sku, by customer and by month; `on_hand` is how many pieces of goods more came back than
    went."""

    products: defaultdict[str, Sold] = field(default_factory=lambda: defaultdict(Sold))
    clients: defaultdict[str, Sold] = field(default_factory=lambda: defaultdict(Sold))
    months: defaultdict[str, Sold] = field(default_factory=lambda: defaultdict(Sold))
    on_hand: int = 0

    def add(
        self, *, sku: str, customer: str, month: str, quantity: int, net: int, is_goods: bool
    ) -> None:
        """Count a line: quantity and amount above 0 are shipped, below come back."""
        for by, name in ((self.products, sku), (self.clients, customer), (self.months, month)):
            by[name] = by[name].plus(quantity, net)
        self.on_hand -= quantity if is_goods else 0


def tabulate(tally: Tally, *, on_hand: int, currency: str) -> Figures:
    """Figures to be printed and compared."""
    months = sorted(tally.months.items())
    total = _total(tally.months)
    return {
        "shipped, net": _amounts({name: one.shipped_net for name, one in months}, currency),
        "credited, net": _amounts({name: -one.credited_net for name, one in months}, currency),
        "revenue": _amounts(
            {name: one.shipped_net - one.credited_net for name, one in months}, currency
        ),
        "pieces": {
            "shipped": f"{total.shipped:,}",
            "returned": f"{total.returned:,}",
            "on hand": f"{on_hand:,}",
        },
        "by product": _sums(tally.products, "products", currency),
        "by client": _sums(tally.clients, "clients", currency),
    }


def list_differing(what: str, file: By, system: By, *, currency: str) -> Figures:
    """The products or clients of which the figures differ, the first ones; nothing if none do."""
    names = [name for name in sorted({*file, *system}) if file.get(name) != system.get(name)]
    if not names:
        return {}
    return {
        f"{what}: {len(names)} differ": {
            name: _words(file.get(name), currency) for name in names[:SHOWN]
        }
    }


def _sums(by: By, what: str, currency: str) -> Mapping[str, str]:
    known = [one for one in by.values() if one != Sold()]
    return {what: f"{len(known):,}", "in all": _words(_total(by), currency)}


def _words(one: Sold | None, currency: str) -> str:
    if one is None:
        return "-"
    net = Money(one.shipped_net - one.credited_net, currency)
    return f"{one.shipped:,} out, {one.returned:,} back, {net}"


def _total(by: By) -> Sold:
    return Sold(*(sum(each) for each in zip(Sold(), *by.values(), strict=True)))


def _amounts(amounts: Mapping[str, int], currency: str) -> Mapping[str, str]:
    words = {name: str(Money(amount, currency)) for name, amount in amounts.items()}
    return {**words, "in all": str(Money(sum(amounts.values()), currency))}
