"""The recorded history: a CSV with one invoice a row, read so that a broken row breaks only itself.

Columns, in any order; others are ignored:

    customerID      the customer's number
    invoiceNumber   the invoice's own number, unique; leading zeros are kept
    InvoiceDate     month/day/year
    DueDate         month/day/year
    InvoiceAmount   the total, in units of the currency: 55.94
    SettledDate     month/day/year of payment in full; empty or no such column: not paid
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from kernel.money import decimals
from ops.replay.rows import (
    Broken,
    BrokenRow,
    Row,
    UnusableFile,
    name_values,
    read_header,
    read_lines,
    split_line,
)

REQUIRED = ("customerID", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount")
SETTLED = "SettledDate"


@dataclass(frozen=True, slots=True)
class Invoice:
    """One row: what was invoiced to whom, and when it was paid. The amount is in minor units."""

    line: int
    customer: str
    number: str
    issued_on: date
    due_date: date
    amount: int
    settled_on: date | None

    def is_open(self, day: date) -> bool:
        """Whether it is owed at the end of a day."""
        return self.issued_on <= day and (self.settled_on is None or day < self.settled_on)


@dataclass(frozen=True)
class History:
    """The rows that can be played, and those that cannot."""

    invoices: Sequence[Invoice]
    broken: Sequence[Broken]

    @cached_property
    def first_day(self) -> date:
        """The day of the first invoice."""
        return min(invoice.issued_on for invoice in self.invoices)

    @cached_property
    def last_day(self) -> date:
        """The day of the last invoice or payment."""
        return max(invoice.settled_on or invoice.issued_on for invoice in self.invoices)

    @cached_property
    def issued(self) -> Mapping[date, Sequence[Invoice]]:
        """The invoices of each day."""
        days: defaultdict[date, list[Invoice]] = defaultdict(list)
        for invoice in self.invoices:
            days[invoice.issued_on].append(invoice)
        return days

    @cached_property
    def settled(self) -> Mapping[date, Sequence[Invoice]]:
        """The invoices paid on each day."""
        days: defaultdict[date, list[Invoice]] = defaultdict(list)
        for invoice in self.invoices:
            if invoice.settled_on is not None:
                days[invoice.settled_on].append(invoice)
        return days

    @cached_property
    def customers(self) -> Mapping[str, date]:
        """Every customer with the day of its first invoice."""
        first: dict[str, date] = {}
        for invoice in self.invoices:
            first[invoice.customer] = min(
                invoice.issued_on, first.get(invoice.customer, invoice.issued_on)
            )
        return first


def read_history(path: Path, *, currency: str) -> History:
    """Read a file. Every line is parsed by itself, so that a stray quote cannot swallow the next.

    Raises:
        UnusableFile: it cannot be opened, lacks a column, or holds no row that can be played.
    """
    lines = read_lines(path)
    columns = read_header(path, lines, REQUIRED)
    invoices: list[Invoice] = []
    broken: list[Broken] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(lines, start=2):
        if not row.strip():
            continue
        try:
            invoice = _read_row(line, _name_values(row, columns), currency)
            if invoice.number in seen:
                reason = (
                    f"invoiceNumber {invoice.number} stands in line {seen[invoice.number]} already"
                )
                raise BrokenRow(reason)
        except BrokenRow as reason:
            broken.append(Broken(line, f"{reason}."))
        else:
            seen[invoice.number] = line
            invoices.append(invoice)
    if not invoices:
        raise UnusableFile(f"{path}: no row can be played. {' '.join(map(str, broken[:3]))}")
    return History(invoices, broken)


def _name_values(text: str, columns: Sequence[str]) -> Row:
    if "\ufffd" in text:
        raise BrokenRow("it is not UTF-8")
    row = name_values(split_line(text), columns)
    if empty := [name for name in REQUIRED if not row[name]]:
        raise BrokenRow(f"{', '.join(empty)} is empty")
    return row


def _read_row(line: int, row: Row, currency: str) -> Invoice:
    issued_on, due_date = _read_day(row, "InvoiceDate"), _read_day(row, "DueDate")
    settled_on = _read_day(row, SETTLED) if row.get(SETTLED) else None
    if due_date < issued_on:
        raise BrokenRow(f"DueDate {due_date} is before InvoiceDate {issued_on}")
    if settled_on is not None and settled_on < issued_on:
        raise BrokenRow(f"SettledDate {settled_on} is before InvoiceDate {issued_on}")
    return Invoice(
        line=line,
        customer=row["customerID"],
        number=row["invoiceNumber"],
        issued_on=issued_on,
        due_date=due_date,
        amount=_read_amount(row["InvoiceAmount"], currency),
        settled_on=settled_on,
    )


def _read_day(row: Row, column: str) -> date:
    try:
        return datetime.strptime(row[column], "%m/%d/%Y").date()
    except ValueError:
        raise BrokenRow(f"{column} {row[column]!r} is no day as month/day/year") from None


def _read_amount(text: str, currency: str) -> int:
    try:
        minor = Decimal(text).scaleb(decimals(currency)) if re.fullmatch(r"[\d.]+", text) else None
    except InvalidOperation:
        minor = None
    if minor is None or minor != int(minor) or minor < 1:
        raise BrokenRow(f"InvoiceAmount {text!r} is no amount above 0 in {currency}")
    return int(minor)
