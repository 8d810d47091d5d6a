"""Make the report of a month: read what the books say once, and freeze it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch
from chassis.outbox import announce
from kernel.calendar import end_of_month
from kernel.ids import new_id
from services.sales.counts.queries import find_last_counts
from services.sales.inventory_paper.drawing import draw_report
from services.sales.inventory_paper.rules import compose
from services.sales.inventory_reports import events, queries, rules
from services.sales.inventory_reports.models import (
    InventoryCorrection,
    InventoryLine,
    InventoryReport,
)
from services.sales.inventory_reports.queries import Key
from services.sales.inventory_reports.rules import Figures
from services.sales.places.models import Place
from services.sales.products.models import Product


def make_report(
    session: Session, *, month: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Make the report of a month that is over and has none, at either end of those that there are."""
    wanted = rules.choose_month(month)
    rules.require_over(wanted, today=today)
    rules.require_new(wanted, report_id=queries.find_report_id(session, month=wanted))
    first, last = queries.find_ends(session)
    rules.require_adjacent(
        wanted,
        first=first.month if first else None,
        last=last.month if last else None,
        is_beginning_open=not queries.has_corrected_before(session),
    )
    if first is not None and wanted < first.month:
        figures, known_at = _read_before(session, wanted, first), first.known_at
    else:
        figures, known_at = _read_after(session, wanted, first, last, now=now), now
    if first is None:
        rules.require_stock(len(figures), month=wanted)
    report = InventoryReport(month=wanted, known_at=known_at, is_by_hand=True)
    return queries.show_report(_freeze(session, report, figures, last, now=now, by=by))


def make_reports_of_day(session: Session, *, day: date, now: datetime, by: str) -> None:
    """On the first of a month make the report of the month before, and of those before it that are
    missing. None before anything was in stock."""
    if day.day != 1:
        return
    first, last = queries.find_ends(session)
    until = rules.month_before(day)
    for month in rules.missing_months(last=last.month if last else None, until=until):
        figures = _read_after(session, month, first, last, now=now)
        if figures or last is not None:
            report = InventoryReport(month=month, known_at=now, is_by_hand=False)
            last = _freeze(session, report, figures, last, now=now, by=by)
            first = first or last


def draw(session: Session, *, inventory_report_id: str) -> bytes:
    """A report as a PDF; the same bytes each time on the same machine."""
    report = fetch(session, InventoryReport, inventory_report_id)
    rules.require_fits_on_paper(report.lines)
    lines = queries.read_lines(session, inventory_report_id=inventory_report_id)
    return draw_report(compose(queries.show_report(report), lines))


def _read_after(
    session: Session,
    month: date,
    first: InventoryReport | None,
    last: InventoryReport | None,
    *,
    now: datetime,
) -> dict[Key, Figures]:
    """What a month did that follows those reported: it begins where the last ended."""
    known: dict[Key, Figures] = {}
    if first is None or last is None:
        openings = queries.read_on_hand_before(session, day=month, known_at=now)
    else:
        openings = queries.read_opening(session, report=last)
        for key, corrections in queries.read_corrections(
            session, first=first.month, before=month, known_at=now
        ).items():
            known[key] = Figures(corrections=corrections)
    for key, quantity in openings.items():
        known.setdefault(key, Figures()).opening = quantity
    return _with_moved(session, known, month, known_at=now)


def _read_before(session: Session, month: date, first: InventoryReport) -> dict[Key, Figures]:
    """What a month did that precedes those reported: it ends where the first begins."""
    known = _with_moved(session, {}, month, known_at=first.known_at)
    for key, closing in queries.read_closing(session, report=first).items():
        known.setdefault(key, Figures()).opening = closing
    for figures in known.values():
        figures.opening -= figures.moved + figures.variance
    return {key: figures for key, figures in known.items() if figures.is_anything}


def _with_moved(
    session: Session, known: dict[Key, Figures], month: date, *, known_at: datetime
) -> dict[Key, Figures]:
    moved = queries.read_moved(
        session, from_on=month, until_on=end_of_month(month), known_at=known_at
    )
    for key, by_kind in moved.items():
        figures = known.setdefault(key, Figures())
        for name, quantity in by_kind.items():
            setattr(figures, name, quantity)
    return {key: figures for key, figures in known.items() if figures.is_anything}


def _freeze(
    session: Session,
    report: InventoryReport,
    figures: Mapping[Key, Figures],
    last: InventoryReport | None,
    *,
    now: datetime,
    by: str,
) -> InventoryReport:
    """Store a report with its lines, by place and sku, and announce it."""
    report.inventory_report_id = new_id("ivr")
    report.until_on = end_of_month(report.month)
    is_next = last is not None and last.month < report.month
    report.previous_report_id = last.inventory_report_id if last and is_next else None
    lines = _lines(session, report, figures)
    report.lines, report.values = len(lines), rules.sum_values(lines)
    report.sha256 = rules.hash_of(rules.write_csv(lines, month=report.month))
    report.made_at, report.made_by = now, by
    session.add(report)
    session.flush()
    _store(session, report, lines)
    announce(session, events.InventoryReported, **_told(report))
    return report


def _lines(
    session: Session, report: InventoryReport, figures: Mapping[Key, Figures]
) -> list[dict[str, Any]]:
    products = {product_id for product_id, _ in figures}
    facts = {
        one.product_id: {name: getattr(one, name) for name in ("sku", "name", "unit", "currency")}
        for one in session.scalars(select(Product).where(Product.product_id.in_(products)))
    }
    places = {one.place_id: one.code for one in session.scalars(select(Place))}
    worths = queries.read_worths(session, until_on=report.until_on, known_at=report.known_at)
    counts = find_last_counts(session, product_ids=products, until_on=report.until_on)
    lines = [
        rules.freeze(
            figures[key],
            product_id=key[0],
            place_id=key[1],
            place=places.get(key[1]) if key[1] else None,
            worth=worths.get(key[0]),
            count=counts.get(key),
            **facts[key[0]],
        )
        for key in figures
    ]
    return rules.in_order(lines)


def _store(session: Session, report: InventoryReport, lines: list[dict[str, Any]]) -> None:
    report_id = report.inventory_report_id
    corrections = [
        {
            "inventory_report_id": report_id,
            "line": line["position"],
            "position": position,
            "corrects": one["month"],
            "quantity": one["quantity"],
        }
        for line in lines
        for position, one in enumerate(line["corrected"], 1)
    ]
    rows = [
        {"inventory_report_id": report_id}
        | {name: value for name, value in line.items() if name != "corrected"}
        for line in lines
    ]
    insert_rows(session, InventoryLine, rows)
    insert_rows(session, InventoryCorrection, corrections)


def _told(report: InventoryReport) -> dict[str, Any]:
    same = ("inventory_report_id", "until_on", "lines", "values", "sha256", "is_by_hand")
    facts = {name: getattr(report, name) for name in same}
    return facts | {"month": rules.write_month(report.month), "from_on": report.month}
