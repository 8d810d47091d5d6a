"""What an inventory report says on paper: its figures in words, nothing left to reckon. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from kernel.money import Money, round_half_up
from stationery.languages import write_day, write_money, write_number

LANGUAGE = "en"
_MOVED = ("opening", "receipts", "shipments", "returns", "scrap", "transfers", "corrections")
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows under a heading and the names of their columns; the first `text_columns` are words."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: int


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A report word for word. `sums` are labels and amounts, `foot` is at the foot of each page."""

    reference: str
    title: str
    facts: Sequence[str]
    tables: Sequence[PaperTable]
    sums: Sequence[tuple[str, str]]
    foot: str


def compose(report: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> ReportSheet:
    """The report as whoever keeps the stock reads it: what moved, what there is and was counted, and what
    became known of earlier months."""
    until = write_day(report["until_on"], LANGUAGE)
    known = f"{report['known_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    tables = [_movements(lines), _stock(lines), _corrections(lines)]
    return ReportSheet(
        reference=report["inventory_report_id"],
        title=f"Inventory on {until}",
        facts=[
            f"From {write_day(report['from_on'], LANGUAGE)} to {until}, as known at {known}.",
            "What went out is below nothing. What should be there is the opening and all that moved; the "
            "variance is what counts put right; both together are on hand.",
            *_say_who(lines),
        ],
        tables=[table for table in tables if table.rows],
        sums=[*_sums(report["values"])],
        foot=f"{report['inventory_report_id']} · SHA-256 {report['sha256']}",
    )


def _say_who(lines: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Whom the ids are of: names are not known here, and may be others when it is drawn again."""
    if any(line["last_counted_by"] for line in lines):
        yield (
            "Who counted stands here as in lines.csv: a member of staff by their id, beside which the "
            "list of staff has the name."
        )


def _movements(lines: Sequence[Mapping[str, Any]]) -> PaperTable:
    """What moved, by those kinds of which anything did."""
    kinds = [name for name in _MOVED if name == "opening" or any(line[name] for line in lines)]
    rows = [[_product(line), *(_number(line[name]) for name in kinds)] for line in lines]
    return PaperTable("What moved", ["Product", *map(str.capitalize, kinds)], rows, 1)


def _stock(lines: Iterable[Mapping[str, Any]]) -> PaperTable:
    columns = [
        "Product",
        "Last counted",
        "Should be",
        "Variance",
        "On hand",
        "Cost of one",
        "Value",
    ]
    rows = [
        [
            _short(line),
            _counted(line),
            *(_number(line[name]) for name in ("should_be", "variance", "on_hand")),
            _money(round_half_up(line["unit_cost"])[0], line["currency"]),
            _money(line["value"], line["currency"]),
        ]
        for line in lines
    ]
    return PaperTable("What there is", columns, rows, 2)


def _corrections(lines: Iterable[Mapping[str, Any]]) -> PaperTable:
    rows = [
        [_product(line), _month(one["month"]), _number(one["quantity"])]
        for line in lines
        for one in line["corrected"]
    ]
    return PaperTable("Corrections to earlier months", ["Product", "Month", "Quantity"], rows, 2)


def _sums(values: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for one in values:
        yield "Value of what is on hand", _money(one["value"], one["currency"])
        yield "What counts put right", _money(one["variance_value"], one["currency"])


def _product(line: Mapping[str, Any]) -> str:
    return f"{_short(line)} · {line['name']}"


def _short(line: Mapping[str, Any]) -> str:
    return f"{line['place']} · {line['sku']}" if line["place"] else str(line["sku"])


def _counted(line: Mapping[str, Any]) -> str:
    if line["last_counted_on"] is None:
        return _NOTHING
    return f"{line['last_counted_on'].isoformat()} {line['last_counted_by']}"


def _month(month: date | None) -> str:
    return "before" if month is None else f"{month:%Y-%m}"


def _number(number: Decimal) -> str:
    return write_number(number, LANGUAGE) if number else _NOTHING


def _money(minor: int, currency: str | None) -> str:
    return _NOTHING if currency is None else write_money(Money(minor, currency), LANGUAGE)
