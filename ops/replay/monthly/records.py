"""A shop's order lines by the month; the file is the one that stands in ops/replay/retail/records.py.

Each line of an invoice waits to be billed from the invoice's day on, and is a line of the client's bill
of that month. A credit note takes back what it says of those bills; of which lines stands in
matching.py. A line that comes to nothing is left out, since nothing would wait; so is what comes back on
an invoice, or goes out on a credit note.

The file is read as a stream: memory grows with its documents, with clients and months, and with what
comes back.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ops.replay.retail.records import Left, Reason, Sale, Survey, add_sale, read_fit
from ops.replay.rows import UnusableFile

Wanted = tuple[str, str, Decimal]
"""A customer, a stock code and a price."""


class Due(NamedTuple):
    """What a client is billed for a month: lines, and what they come to, in minor units."""

    lines: int = 0
    net: int = 0


@dataclass
class Shop:
    """What the file says as a whole: its documents, what each client is billed at the end of each month,
    what each owes in all, and what comes back."""

    found: Survey = field(default_factory=Survey)
    due: dict[tuple[str, date], Due] = field(default_factory=dict)
    wanted: set[Wanted] = field(default_factory=set)

    @property
    def months(self) -> list[date]:
        """The last days of the months in which something is billed."""
        return sorted({month for _, month in self.due})

    def day_of(self, sale: Sale) -> date:
        """The day of a line's document."""
        return self.found.headings[sale.number].issued_on


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def wanted_by(sale: Sale) -> Wanted:
    """By what a line that takes something back finds what it is of."""
    return sale.customer, sale.code, sale.minor


def read_waiting(path: Path, *, currency: str) -> Iterator[Sale | Left]:
    """Each line of a file but empty ones."""
    return read_fit(path, currency=currency, why_not=_why_not)


def survey_months(path: Path, *, currency: str, leave: Callable[[Left], object]) -> Shop:
    """Go through a file, and hand over what is left out of it.

    Raises:
        UnusableFile: it cannot be read to its end, lacks a column, or holds no line that can be billed.
    """
    shop = Shop()
    for one in read_waiting(path, currency=currency):
        if isinstance(one, Left):
            leave(one)
            continue
        add_sale(shop.found, one)
        if one.is_credit:
            shop.wanted.add(wanted_by(one))
        else:
            key = one.customer, last_of_month(shop.day_of(one))
            lines, net = shop.due.get(key, Due())
            shop.due[key] = Due(lines + 1, net + one.amount)
    if not shop.due:
        raise UnusableFile(f"{path}: no line can be billed.")
    return shop


def _why_not(sale: Sale) -> Reason | None:
    if (sale.quantity < 0) != sale.is_credit:
        return Reason.OTHER_WAY
    return None if sale.amount else Reason.NO_AMOUNT
