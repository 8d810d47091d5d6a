"""A shop's order lines: a CSV, plain or packed by xz. The lines of one InvoiceNo are one document.

Columns, in any order; others are ignored:

    InvoiceNo    digits: an invoice; C and digits: a credit note. Any other is no sale
    StockCode, Description   what was sold
    Quantity     whole; on a credit note below 0
    InvoiceDate  year-month-day, perhaps with a time; that of a document's first line is its day
    UnitPrice    in units of the currency: 2.55; further decimals are allowed
    CustomerID   who is billed
    Country      where the customer is, as words.py has it; that of the first line counts

A line comes to quantity x price, rounded half up to minor units. Where the price is no whole number of
them, it is billed as one piece of that amount, and its description says how many at what price.

The file is read as a stream: memory grows with its documents, not with its lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kernel.money import decimals, round_half_up
from ops.replay.retail.words import COUNTRIES
from ops.replay.rows import (
    BrokenRow,
    Row,
    UnusableFile,
    name_values,
    read_header,
    read_lines,
    split_line,
)

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
CREDIT = "C"
DAY = len("2010-12-01")
REMEMBERED = 4096


class Reason(StrEnum):
    """Why a line is not taken. Of several the first counts."""

    UNREADABLE = "cannot be read"
    NO_SALE = "InvoiceNo is no number, nor C and a number: no sale but an adjustment"
    NO_CUSTOMER = "CustomerID is empty"
    NO_PRICE = "UnitPrice is no number"
    PRICE_ZERO = "UnitPrice is 0"
    PRICE_NEGATIVE = "UnitPrice is below 0"
    NO_QUANTITY = "Quantity is no whole number other than 0"
    NO_DAY = "InvoiceDate is no day as year-month-day"
    NO_COUNTRY = "Country is none that is known"
    OTHER_CUSTOMER = "InvoiceNo is another customer's"
    OTHER_WAY = "Quantity is below 0 on a sale, or above 0 on a credit note"
    PRICE_PARTS = "UnitPrice has parts of a minor unit, and no whole one comes to the same"
    NO_AMOUNT = "Quantity x UnitPrice comes to nothing: nothing of it can wait for a bill"
    REFUSED = "refused by the system"


class Left(NamedTuple):
    """A line that is not taken, as it stands in the file, and why."""

    line: int
    reason: Reason
    row: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A line that can be billed; the price as it stands, and in minor units, perhaps no whole number."""

    line: int
    number: str
    issued_on: date
    customer: str
    country: str
    code: str
    name: str
    quantity: int
    price: str
    minor: Decimal
    row: str

    @property
    def description(self) -> str:
        """What was sold, in words."""
        return f"{self.code} {self.name}"

    @property
    def is_credit(self) -> bool:
        """Whether it is of a credit note."""
        return self.number.startswith(CREDIT)

    @property
    def amount(self) -> int:
        """What it comes to, in minor units."""
        return round_half_up(self.quantity * self.minor)[0]


@dataclass(slots=True)
class Heading:
    """What is known of a document before its lines are read again; the amount is in minor units."""

    number: str
    customer: str
    country: str
    issued_on: date
    line: int
    last_line: int
    lines: int = 0
    amount: int = 0

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.number.startswith(CREDIT)


@dataclass
class Survey:
    """What the file says as a whole."""

    headings: dict[str, Heading] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines can be billed."""
        return sum(one.lines for one in self.headings.values())

    @property
    def last_day(self) -> date:
        """The day of the last document."""
        return max(one.issued_on for one in self.headings.values())


class Document(NamedTuple):
    """An invoice or a credit note, whole."""

    heading: Heading
    sales: list[Sale]


class Reading(Protocol):
    """How the lines of a file are read."""

    def __call__(self, path: Path, *, currency: str) -> Iterator[Sale | Left]: ...


def survey(path: Path, *, currency: str, leave: Callable[[Left], object]) -> Survey:
    """Go through a file, and hand over what is left out of it.

    Raises:
        UnusableFile: it cannot be read to its end, lacks a column, or holds no line that can be billed.
    """
    found = Survey()
    for one in read_sales(path, currency=currency):
        if isinstance(one, Left):
            leave(one)
        else:
            add_sale(found, one)
    if not found.headings:
        raise UnusableFile(f"{path}: no line can be billed.")
    return found


def read_documents(
    path: Path, found: Survey, *, currency: str, read: Reading | None = None
) -> Iterator[Document]:
    """The documents of a file that was surveyed, each as soon as its last line is read. Lines are read by
    `read`; those of other documents are passed over."""
    unfinished: dict[str, list[Sale]] = {}
    for one in (read or read_sales)(path, currency=currency):
        if isinstance(one, Sale) and one.number in found.headings:
            unfinished.setdefault(one.number, []).append(one)
            heading = found.headings[one.number]
            if one.line == heading.last_line:
                yield Document(heading, unfinished.pop(one.number))


def read_sales(path: Path, *, currency: str) -> Iterator[Sale | Left]:
    """Each line of a file but empty ones. Each is parsed by itself, so that a stray quote swallows no
    other."""
    lines = read_lines(path)
    columns = read_header(path, lines, COLUMNS)
    customers: dict[str, str] = {}
    for line, text in enumerate(lines, start=2):
        row = text.rstrip("\r\n")
        if row.strip():
            yield _read(line, row, columns, decimals(currency), customers)


def read_fit(
    path: Path, *, currency: str, why_not: Callable[[Sale], Reason | None]
) -> Iterator[Sale | Left]:
    """Each line of a file but empty ones; left out are those, too, of which `why_not` says why."""
    for one in read_sales(path, currency=currency):
        reason = None if isinstance(one, Left) else why_not(one)
        yield one if reason is None else Left(one.line, reason, one.row)


def bill(sale: Sale) -> dict[str, Any]:
    """A line of an invoice or a credit note as billing takes it. What is sold takes off a credit note."""
    sign = -1 if sale.is_credit else 1
    if sale.minor == int(sale.minor):
        priced = {"quantity": str(sign * sale.quantity), "unit_price": int(sale.minor)}
        return {"description": sale.description, **priced, "tax_percent": "0.00"}
    amount = sign * sale.amount
    return {
        "description": f"{sale.description}, {sign * sale.quantity} at {sale.price}",
        "quantity": "-1" if amount < 0 else "1",
        "unit_price": abs(amount),
        "tax_percent": "0.00",
    }


def list_customers(headings: Iterable[Heading]) -> Mapping[str, Heading]:
    """Every customer with the first of its documents."""
    first: dict[str, Heading] = {}
    for one in headings:
        first.setdefault(one.customer, one)
    return first


def add_sale(found: Survey, sale: Sale) -> None:
    """Have a line counted in its document."""
    heading = found.headings.get(sale.number)
    if heading is None:
        heading = found.headings[sale.number] = Heading(
            number=sale.number,
            customer=sale.customer,
            country=sale.country,
            issued_on=sale.issued_on,
            line=sale.line,
            last_line=sale.line,
        )
    heading.last_line = sale.line
    heading.lines += 1
    heading.amount += sale.amount


def _read(
    line: int, text: str, columns: Sequence[str], places: int, customers: dict[str, str]
) -> Sale | Left:
    try:
        row = name_values(split_line(text), columns)
    except BrokenRow as why:
        return Left(line, Reason.UNREADABLE, text, f"{why}.")
    reason = next((reason for reason, is_fit in _CHECKS if not is_fit(row)), None)
    if reason is not None:
        return Left(line, reason, text)
    number, customer = row["InvoiceNo"], row["CustomerID"]
    if customers.setdefault(number, customer) != customer:
        return Left(line, Reason.OTHER_CUSTOMER, text)
    return Sale(
        line=line,
        number=number,
        issued_on=date.fromisoformat(row["InvoiceDate"][:DAY]),
        customer=customer,
        country=COUNTRIES[row["Country"]],
        code=row["StockCode"],
        name=row["Description"],
        quantity=int(row["Quantity"]),
        price=row["UnitPrice"],
        minor=_price(row["UnitPrice"]).scaleb(places),
        row=text,
    )


@lru_cache(maxsize=REMEMBERED)
def _price(text: str) -> Decimal:
    return Decimal(text)


@lru_cache(maxsize=REMEMBERED)
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_NUMBER = re.compile(f"{CREDIT}?[0-9]+")
_PRICE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_QUANTITY = re.compile("-?0*[1-9][0-9]*")
_CHECKS: Sequence[tuple[Reason, Callable[[Row], object]]] = (
    (Reason.NO_SALE, lambda row: _NUMBER.fullmatch(row["InvoiceNo"])),
    (Reason.NO_CUSTOMER, lambda row: row["CustomerID"]),
    (Reason.NO_PRICE, lambda row: _PRICE.fullmatch(row["UnitPrice"])),
    (Reason.PRICE_ZERO, lambda row: _price(row["UnitPrice"])),
    (Reason.PRICE_NEGATIVE, lambda row: _price(row["UnitPrice"]) > 0),
    (Reason.NO_QUANTITY, lambda row: _QUANTITY.fullmatch(row["Quantity"])),
    (Reason.NO_DAY, lambda row: _is_day(row["InvoiceDate"][:DAY])),
    (Reason.NO_COUNTRY, lambda row: row["Country"] in COUNTRIES),
)
