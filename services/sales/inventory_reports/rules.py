"""What a report says of a product at a place, which month it may be made of, and its hash."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.calendar import add_days, add_months, end_of_month
from kernel.money import round_half_up
from kernel.refusals import Conflict
from services.sales.counts.rules import LastCount

MOVED = ("receipts", "shipments", "returns", "scrap", "transfers")
"""What moved in the month, by kind; what counts put right stands apart, as the variance."""
COLUMNS = (
    *("line", "month", "place", "sku", "product_id", "name", "unit", "opening", *MOVED),
    *("corrections", "should_be", "variance", "on_hand", "unit_cost", "currency", "value"),
    *("variance_value", "last_counted", "last_counted_on", "last_counted_by", "last_count"),
)
PAPER_MAX = 500  # lines of a report as PDF
BEFORE = "before"  # a correction of days before those of the first report
_COST = Decimal("0.000001")
_FORMULA = re.compile(r"[=+@\t\r-]")


@dataclass(kw_only=True)
class Figures:
    """What a product at a place did in a month. `corrections` are what became known meanwhile of earlier
    months, by their first day; None for days before those of the first report."""

    opening: Decimal = Decimal(0)
    receipts: Decimal = Decimal(0)
    shipments: Decimal = Decimal(0)
    returns: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    transfers: Decimal = Decimal(0)
    variance: Decimal = Decimal(0)
    variance_value: int = 0
    corrections: dict[date | None, Decimal] = field(default_factory=dict)

    @property
    def moved(self) -> Decimal:
        """What moved in the month, besides what counts put right."""
        return self.receipts + self.shipments + self.returns + self.scrap + self.transfers

    @property
    def corrected(self) -> Decimal:
        """What became known of earlier months."""
        return sum(self.corrections.values(), Decimal(0))

    @property
    def should_be(self) -> Decimal:
        """What there would be if nobody had counted."""
        return self.opening + self.moved + self.corrected

    @property
    def on_hand(self) -> Decimal:
        """What there is at the end."""
        return self.should_be + self.variance

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to say."""
        moved = (self.opening, self.receipts, self.shipments, self.returns, self.scrap)
        return any((*moved, self.transfers, self.variance, *self.corrections.values()))


class Worth(NamedTuple):
    """How much there was of a product, wherever, and what that was worth, in minor units."""

    quantity: Decimal
    value: int

    @property
    def unit_cost(self) -> Decimal:
        """What one was worth; 0 where there was none."""
        return (self.value / self.quantity).quantize(_COST) if self.quantity > 0 else Decimal(0)


def freeze(
    figures: Figures, *, worth: Worth | None, count: LastCount | None, **facts: Any
) -> dict[str, Any]:
    """A line of a report: what it is of, what that did, what it is worth, and who has counted it."""
    known = worth or Worth(Decimal(0), 0)
    value = 0
    if known.quantity > 0:
        value, _ = round_half_up(figures.on_hand * known.value / known.quantity)
    return {
        **facts,
        **{name: getattr(figures, name) for name in ("opening", *MOVED)},
        "corrections": figures.corrected,
        "should_be": figures.should_be,
        "variance": figures.variance,
        "on_hand": figures.on_hand,
        "unit_cost": known.unit_cost,
        "value": value,
        "variance_value": figures.variance_value,
        "last_counted": count.counted if count else None,
        "last_counted_on": count.counted_on if count else None,
        "last_counted_by": count.counted_by if count else None,
        "last_count": count.number if count else None,
        "corrected": [
            {"month": month, "quantity": quantity}
            for month, quantity in figures.corrections.items()
            if quantity
        ],
    }


def in_order(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines by place and sku, each with its position; what lies in no place first."""
    ordered = sorted(lines, key=lambda line: (line["place"] or "", line["sku"]))
    return [{**line, "position": position} for position, line in enumerate(ordered, 1)]


def sum_values(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What lines are worth, and what counts put right, by currency."""
    sums: dict[str, list[int]] = {}
    for line in lines:
        known = sums.setdefault(line["currency"], [0, 0])
        known[0] += line["value"]
        known[1] += line["variance_value"]
    return [
        {"currency": currency, "value": value, "variance_value": variance_value}
        for currency, (value, variance_value) in sorted(sums.items())
    ]


def choose_month(month: str) -> date:
    """The first day of a month such as 2026-03."""
    return date.fromisoformat(f"{month}-01")


def month_before(day: date) -> date:
    """The first day of the month before that of a day."""
    return add_months(day.replace(day=1), -1)


def write_month(month: date | None) -> str:
    """A month such as 2026-03; `before` for days before those of the first report."""
    return BEFORE if month is None else f"{month:%Y-%m}"


def require_over(month: date, *, today: date) -> None:
    """Refuse (`month_not_over`) the report of a month that is not gone."""
    if end_of_month(month) >= today:
        raise Conflict(
            "month_not_over",
            f"{write_month(month)} is not over; its report can be made from "
            f"{add_days(end_of_month(month), 1)} on, and that of {write_month(month_before(today))} now.",
            field="month",
        )


def require_new(month: date, *, report_id: str | None) -> None:
    """Refuse (`report_made`) a second report of a month: the first is what it is."""
    if report_id is not None:
        raise Conflict(
            "report_made",
            f"The report of {write_month(month)} is {report_id}, and stays as it is; what became known "
            "since stands in the next one.",
            field="month",
            inventory_report_id=report_id,
        )


def require_adjacent(
    month: date, *, first: date | None, last: date | None, is_beginning_open: bool
) -> None:
    """Refuse (`month_out_of_turn`) a month that does not follow or precede those reported: each begins
    where another ended. None precedes the first once days before it were corrected."""
    if first is None or last is None:
        return
    after, before = add_months(last, 1), month_before(first)
    if month == after or (month == before and is_beginning_open):
        return
    possible = f"that of {write_month(after)}"
    if is_beginning_open:
        possible += f" or of {write_month(before)}"
    raise Conflict(
        "month_out_of_turn",
        f"There are reports of {write_month(first)} to {write_month(last)}, and each begins where "
        f"another ended; make {possible} first.",
        field="month",
    )


def require_stock(count: int, *, month: date) -> None:
    """Refuse (`nothing_in_stock`) to begin with a report that says nothing."""
    if not count:
        raise Conflict(
            "nothing_in_stock",
            f"Nothing was in stock and nothing moved until the end of {write_month(month)}; "
            "make the report of a later month.",
            field="month",
        )


def require_fits_on_paper(lines: int) -> None:
    """Refuse (`too_long_for_paper`) to draw what nobody would read."""
    if lines > PAPER_MAX:
        raise Conflict(
            "too_long_for_paper",
            f"The report has {lines} lines, and {PAPER_MAX} go on paper; take lines.csv.",
        )


def missing_months(*, last: date | None, until: date) -> list[date]:
    """The months to be reported by the end of `until`, a month: those after the last, or it alone."""
    if last is None:
        return [until]
    months, month = [], add_months(last, 1)
    while month <= until:
        months.append(month)
        month = add_months(month, 1)
    return months


def write_csv(lines: Iterable[Mapping[str, Any]], *, month: date) -> str:
    """The lines of a report as CSV (RFC 4180, but for line feeds), each correction in a line of its own
    below that of its product. The same lines give the same text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow(_cells(line, line="stock", month=write_month(month)))
        for one in line["corrected"]:
            about = {name: line[name] for name in ("place", "sku", "product_id", "name", "unit")}
            said = {**about, "corrections": one["quantity"]}
            writer.writerow(_cells(said, line="correction", month=write_month(one["month"])))
    return text.getvalue()


def hash_of(text: str) -> str:
    """The SHA-256 of a text's UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _cells(values: Mapping[str, Any], **more: str) -> Sequence[str]:
    said = {**values, **more}
    return [_write(said.get(name)) for name in COLUMNS]


def _write(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_decimal(value)
    text = str(value)
    # What people wrote must not be a formula to whoever opens the file in a spreadsheet.
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def write_decimal(number: Decimal) -> str:
    """A number with the decimals that it needs, never -0."""
    return format(number.normalize() + 0, "f")
