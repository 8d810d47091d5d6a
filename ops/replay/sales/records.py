"""A shop's order lines as sales; the file is the one that stands in ops/replay/retail/records.py.

An invoice is an order, confirmed and shipped on its day. A credit note brings goods back; which sale
they are of stands in matching.py. Every customer is an account, every stock code a product: kept in
stock where the code begins with five digits. Whatever else has a code is no goods: POST and DOT
(postage), C2 (carriage), M (by hand), D (discount), CRUK and BANK CHARGES (commission, charges), PADS.
The accounts are active, what their checklists ask for is waived: they are clients already.

Goods come in on the first day of each month, as many as are sold in it. So nothing is short.

A price with a part of a minor unit is rounded half up where quantity x price comes to the same by it;
else the line is left out. What comes back on an invoice, or goes out on a credit note, is left out, too.

The file is read as a stream: memory grows with its documents, products, and what may come back.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kernel.money import round_half_up
from ops.replay.retail.records import Left, Reason, Sale, Survey, add_sale, read_fit
from ops.replay.rows import UnusableFile
from ops.replay.sales.figures import Tally

NAMELESS = "Without a name"
Wanted = tuple[str, str]
"""A customer and a stock code."""


@dataclass(frozen=True, slots=True)
class Article:
    """A stock code, with the name and price of the first line that has it; the price in minor units."""

    line: int
    code: str
    name: str
    price: int

    @property
    def sku(self) -> str:
        """What the product is called here."""
        return sku_of(self.code)

    @property
    def is_stocked(self) -> bool:
        """Whether it is goods."""
        return is_goods(self.code)


class Receipt(NamedTuple):
    """How much of a product comes in for a month; `line` is the first that sells it then."""

    sku: str
    month: date
    quantity: int
    line: int


@dataclass
class Shop:
    """What the file says as a whole, up to a day: its documents and articles, what comes in, what is
    credited to whom, and the figures."""

    found: Survey = field(default_factory=Survey)
    articles: dict[str, Article] = field(default_factory=dict)
    sold: Counter[tuple[str, date]] = field(default_factory=Counter)
    lines: dict[tuple[str, date], int] = field(default_factory=dict)
    wanted: set[Wanted] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    def receipts(self) -> Iterator[Receipt]:
        """What comes in, by month: for the months that are played, even in part, as much as the whole
        file sells in them."""
        last = max(one.issued_on for one in self.found.headings.values())
        for (sku, month), quantity in sorted(self.sold.items(), key=lambda one: one[0][::-1]):
            if month <= last:
                yield Receipt(sku, month, quantity, self.lines[sku, month])


def is_goods(code: str) -> bool:
    """Whether a stock code is one of goods."""
    return _GOODS.match(code) is not None


def sku_of(code: str) -> str:
    """A stock code as a sku, which has no spaces."""
    return _NO_SKU.sub("-", code)


def price_of(sale: Sale) -> int:
    """The price of one in whole minor units, rounded half up."""
    return round_half_up(sale.minor)[0]


def read_sold(path: Path, *, currency: str) -> Iterator[Sale | Left]:
    """Each line of a file but empty ones."""
    return read_fit(path, currency=currency, why_not=_why_not)


def survey_shop(
    path: Path, *, currency: str, until: date | None, leave: Callable[[Left], object]
) -> Shop:
    """Go through a file, and hand over what is left out of it.

    Raises:
        UnusableFile: it cannot be read to its end, lacks a column, or holds no line that can be played.
    """
    shop = Shop()
    for one in read_sold(path, currency=currency):
        if isinstance(one, Left):
            leave(one)
            continue
        if not one.is_credit and is_goods(one.code):
            key = (sku_of(one.code), one.issued_on.replace(day=1))
            shop.sold[key] += one.quantity
            shop.lines.setdefault(key, one.line)
        if until is None or one.issued_on <= until or one.number in shop.found.headings:
            _add(shop, one)
    if not shop.found.headings:
        raise UnusableFile(f"{path}: no line can be played.")
    return shop


def _add(shop: Shop, sale: Sale) -> None:
    add_sale(shop.found, sale)
    named = sale.name or NAMELESS
    shop.articles.setdefault(
        sku_of(sale.code), Article(sale.line, sale.code, named, price_of(sale))
    )
    if sale.is_credit:
        shop.wanted.add((sale.customer, sale.code))
    day = shop.found.headings[sale.number].issued_on
    shop.tally.add(
        sku=sku_of(sale.code),
        customer=sale.customer,
        month=f"{day:%Y-%m}",
        quantity=sale.quantity,
        net=sale.quantity * price_of(sale),
        is_goods=is_goods(sale.code),
    )


def _why_not(sale: Sale) -> Reason | None:
    if (sale.quantity < 0) != sale.is_credit:
        return Reason.OTHER_WAY
    if sale.quantity * price_of(sale) != sale.amount:
        return Reason.PRICE_PARTS
    return None


_GOODS = re.compile("[0-9]{5}")
_NO_SKU = re.compile(r"[^A-Za-z0-9._/+-]")
