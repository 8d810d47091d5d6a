"""Which line of a bill comes back.

It is the latest earlier line of the same customer, stock code and price that still has pieces which are
not back; what that has too few of, the ones before it have the rest of. What no line has had, or was sold
at another price, is credited without naming a bill.

A line is known again on the bill of its month by what it says; of several that say the same any is as
good, so they are counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ops.replay.monthly.records import Shop, Wanted, last_of_month, wanted_by
from ops.replay.retail.records import Sale


class Said(NamedTuple):
    """What a line says on the bill of a client's month."""

    customer: str
    month: date
    day: date
    description: str
    price: int
    quantity: int


Place = tuple[Said, int]
"""What a line says, and which it is of those of its bill that say the same: 0 is the first."""


@dataclass(slots=True)
class Billed:
    """A line that waits for its bill, or is on it, and how many of it are not back."""

    place: Place
    left: int


@dataclass
class Credit:
    """What one credit note takes back of the bill of one month, or of none. The amount is in minor
    units."""

    number: str
    customer: str
    day: date
    month: date | None
    amount: int = 0
    sales: list[Sale] = field(default_factory=list)
    of_bill: Counter[Place] = field(default_factory=Counter)
    of_none: list[tuple[Sale, int]] = field(default_factory=list)

    @property
    def issued_on(self) -> date:
        """Its day: no earlier than the bill's."""
        return max(self.day, self.month or self.day)


class Matching:
    """Takes the lines of a file, one after the other; what comes back is in `credits` then, in the order
    of the file."""

    def __init__(self, shop: Shop) -> None:
        """Take what the whole file says."""
        self._shop = shop
        self._billed: defaultdict[Wanted, list[Billed]] = defaultdict(list)
        self._same: Counter[Said] = Counter()
        self.credits: dict[tuple[str, date | None], Credit] = {}

    def sell(self, sale: Sale) -> None:
        """A line that is billed: kept only where it may come back."""
        key = wanted_by(sale)
        if key in self._shop.wanted and sale.minor == int(sale.minor):
            day = self._shop.day_of(sale)
            month, price = last_of_month(day), int(sale.minor)
            said = Said(sale.customer, month, day, sale.description.strip(), price, sale.quantity)
            self._billed[key].append(Billed((said, self._same[said]), sale.quantity))
            self._same[said] += 1

    def take_back(self, sale: Sale) -> None:
        """A line of a credit note."""
        left = -sale.quantity
        for place, taken in self._find(sale):
            left -= taken
            credit = self._credit(sale, place[0].month)
            credit.of_bill[place] += taken
            credit.amount += taken * place[0].price
        if left:
            credit = self._credit(sale, None)
            credit.of_none.append((sale, left))
            is_whole = left == -sale.quantity
            credit.amount += -sale.amount if is_whole else left * int(sale.minor)

    def _find(self, sale: Sale) -> Iterator[tuple[Place, int]]:
        wanted = -sale.quantity
        for one in reversed(self._billed.get(wanted_by(sale), ())):
            taken = min(wanted, one.left)
            if taken:
                one.left -= taken
                wanted -= taken
                yield one.place, taken

    def _credit(self, sale: Sale, month: date | None) -> Credit:
        key = sale.number, month
        if key not in self.credits:
            day = self._shop.day_of(sale)
            self.credits[key] = Credit(sale.number, sale.customer, day, month)
        credit = self.credits[key]
        if sale not in credit.sales[-1:]:
            credit.sales.append(sale)
        return credit
