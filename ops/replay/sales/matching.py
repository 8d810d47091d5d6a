"""Which sale goods that come back are of.

They are of the latest earlier line of the same customer and stock code that still has pieces which were
delivered and are not back, and that was sold for no less than is credited: more than it was sold for is
credited for nothing. What one such line has too few of, the ones before it have the rest of. What no line
has had is goods that no order had sold: they come back by lines below 0 of an order of their own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ops.replay.retail.records import Left, Sale
from ops.replay.sales.records import Shop, Wanted, price_of, read_sold


@dataclass(slots=True)
class Delivered:
    """A line of goods that were delivered: of which document, at which place, at what price, and how many
    are not back."""

    number: str
    position: int
    price: int
    left: int


class Back(NamedTuple):
    """Pieces of a credit note's line that come back: of a line of a sale, or of none."""

    sale: Sale
    quantity: int
    number: str | None = None
    position: int = 0
    is_for_less: bool = False


@dataclass
class Credit:
    """What one credit note brings back of one document, or of none; `part` tells it from others of the
    same."""

    number: str
    sold_number: str | None
    part: int
    lines: list[Back] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the shop calls it: C536379 of 536365 is C536379/536365."""
        name = self.number if self.sold_number is None else f"{self.number}/{self.sold_number}"
        return name if self.part == 1 else f"{name}/{self.part}"

    @property
    def customer(self) -> str:
        """To whom it is credited."""
        return self.lines[0].sale.customer


def match_credits(path: Path, shop: Shop, *, currency: str) -> Iterator[Credit]:
    """What comes back, each credit note as soon as its last line is read."""
    delivered: defaultdict[Wanted, list[Delivered]] = defaultdict(list)
    places: Counter[str] = Counter()
    unfinished: defaultdict[str, list[Back]] = defaultdict(list)
    for one in read_sold(path, currency=currency):
        if isinstance(one, Left) or one.number not in shop.found.headings:
            continue
        key = (one.customer, one.code)
        if one.is_credit:
            unfinished[one.number] += take_back(one, delivered[key])
            if one.line == shop.found.headings[one.number].last_line:
                yield from group(one.number, unfinished.pop(one.number))
            continue
        places[one.number] += 1
        if key in shop.wanted:
            price = price_of(one)
            delivered[key].append(Delivered(one.number, places[one.number], price, one.quantity))


def take_back(credit: Sale, delivered: list[Delivered]) -> Iterator[Back]:
    """The pieces of a credit note's line, by the lines that sold them; those have so many less."""
    wanted, price = -credit.quantity, price_of(credit)
    for one in reversed(delivered):
        taken = min(wanted, one.left) if one.price >= price else 0
        if taken:
            one.left -= taken
            wanted -= taken
            yield Back(credit, taken, one.number, one.position, is_for_less=price < one.price)
    if wanted:
        yield Back(credit, wanted)


def group(number: str, back: list[Back]) -> list[Credit]:
    """Of one credit note what comes back of each document: a line of that stands in each once. What no
    order had sold is one."""
    found: dict[tuple[str | None, int], Credit] = {}
    seen: Counter[tuple[str, int]] = Counter()
    for one in back:
        part = 1
        if one.number is not None:
            seen[one.number, one.position] += 1
            part = seen[one.number, one.position]
        credit = found.setdefault((one.number, part), Credit(number, one.number, part))
        credit.lines.append(one)
    return [*found.values()]
