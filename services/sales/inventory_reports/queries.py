"""Reading inventory reports as they were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.inventory_reports.models import (
    InventoryCorrection,
    InventoryLine,
    InventoryReport,
)
from services.sales.inventory_reports.rules import Worth, write_csv, write_month
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveKind, MoveStatus

Key = tuple[str, str | None]
"""A product, and the place where it lies, if it lies in one."""
KINDS = {
    "receipts": MoveKind.RECEIPT,
    "shipments": MoveKind.SHIPMENT,
    "returns": MoveKind.RETURN,
    "scrap": MoveKind.SCRAP,
    "transfers": MoveKind.TRANSFER,
    "variance": MoveKind.COUNT,
}
_KEY = (StockMove.product_id, StockMove.place_id)
_HEAD = [
    column.name for column in InventoryReport.__table__.columns if column.name not in ("month",)
]
_LINE = [
    column.name
    for column in InventoryLine.__table__.columns
    if column.name != "inventory_report_id"
]


def get_report(session: Session, *, inventory_report_id: str) -> dict[str, Any]:
    """A report without its lines."""
    return show_report(fetch(session, InventoryReport, inventory_report_id))


def show_report(report: InventoryReport) -> dict[str, Any]:
    """A report as people read it."""
    facts = {name: getattr(report, name) for name in _HEAD}
    return {**facts, "from_on": report.month, "month": write_month(report.month)}


def list_reports(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """A page of reports, the newest month first."""
    page = read_page(
        session,
        select(InventoryReport),
        by=[InventoryReport.month],
        limit=limit,
        after=after,
        is_descending=True,
    )
    return {**page, "items": [show_report(report) for report in page["items"]]}


def list_lines(
    session: Session,
    *,
    inventory_report_id: str,
    product_id: str | None,
    place_id: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of a report's lines, by place and sku."""
    fetch(session, InventoryReport, inventory_report_id)
    statement = select(InventoryLine).where(
        InventoryLine.inventory_report_id == inventory_report_id
    )
    if product_id is not None:
        statement = statement.where(InventoryLine.product_id == product_id)
    if place_id is not None:
        statement = statement.where(InventoryLine.place_id == place_id)
    page = read_page(session, statement, by=[InventoryLine.position], limit=limit, after=after)
    return {**page, "items": _with_corrections(session, inventory_report_id, page["items"])}


def read_lines(session: Session, *, inventory_report_id: str) -> list[dict[str, Any]]:
    """All lines of a report, in their order."""
    lines = session.scalars(
        select(InventoryLine)
        .where(InventoryLine.inventory_report_id == inventory_report_id)
        .order_by(InventoryLine.position)
    ).all()
    return _with_corrections(session, inventory_report_id, lines)


def get_csv(session: Session, *, inventory_report_id: str) -> str:
    """A report's lines as CSV: what its hash is of."""
    report = fetch(session, InventoryReport, inventory_report_id)
    lines = read_lines(session, inventory_report_id=inventory_report_id)
    return write_csv(lines, month=report.month)


def find_report_id(session: Session, *, month: date) -> str | None:
    """The report of a month, of which that is the first day."""
    statement = select(InventoryReport.inventory_report_id).where(InventoryReport.month == month)
    return session.scalars(statement).one_or_none()


def find_ends(session: Session) -> tuple[InventoryReport | None, InventoryReport | None]:
    """The reports of the first and the last month."""
    by_month = select(InventoryReport).limit(1)
    first = session.scalars(by_month.order_by(InventoryReport.month)).one_or_none()
    last = session.scalars(by_month.order_by(InventoryReport.month.desc())).one_or_none()
    return first, last


def has_corrected_before(session: Session) -> bool:
    """Whether a report corrects days before those of the first."""
    statement = select(InventoryCorrection.inventory_report_id).where(
        InventoryCorrection.corrects.is_(None)
    )
    return session.scalars(statement.limit(1)).one_or_none() is not None


def read_opening(session: Session, *, report: InventoryReport) -> dict[Key, Decimal]:
    """Where the month after a report begins: what is on hand at its end."""
    return _read_frozen(session, report, InventoryLine.on_hand)


def read_closing(session: Session, *, report: InventoryReport) -> dict[Key, Decimal]:
    """Where the month before a report ends: with what it begins."""
    return _read_frozen(session, report, InventoryLine.opening)


def read_on_hand_before(session: Session, *, day: date, known_at: datetime) -> dict[Key, Decimal]:
    """What was on hand before a day, by product and place, as known at a moment."""
    moved = func.sum(StockMove.quantity).label("quantity")
    rows = session.execute(
        select(*_KEY, moved)
        .where(_is_done(known_at), StockMove.moved_on < day)
        .group_by(*_KEY)
        .having(moved != 0)
    )
    return {(row.product_id, row.place_id): row.quantity for row in rows}


def read_moved(
    session: Session, *, from_on: date, until_on: date, known_at: datetime
) -> dict[Key, dict[str, Any]]:
    """What moved in a month, by product and place and by kind, as known at a moment; and what those moves
    were worth by which counts put the books right."""
    sums = [
        func.coalesce(func.sum(StockMove.quantity).filter(StockMove.kind == kind), 0).label(name)
        for name, kind in KINDS.items()
    ]
    is_count = StockMove.kind == MoveKind.COUNT
    worth = func.coalesce(func.sum(StockMove.value).filter(is_count), 0)
    rows = session.execute(
        select(*_KEY, *sums, cast(worth, BigInteger).label("variance_value"))
        .where(_is_done(known_at), StockMove.moved_on.between(from_on, until_on))
        .group_by(*_KEY)
    )
    names = (*KINDS, "variance_value")
    return {
        (row.product_id, row.place_id): {name: getattr(row, name) for name in names} for row in rows
    }


def read_worths(session: Session, *, until_on: date, known_at: datetime) -> dict[str, Worth]:
    """What all of a product was worth at the end of a day, wherever it was, as known at a moment."""
    rows = session.execute(
        select(
            StockMove.product_id,
            func.sum(StockMove.quantity).label("quantity"),
            cast(func.coalesce(func.sum(StockMove.value), 0), BigInteger).label("value"),
        )
        .where(_is_done(known_at), StockMove.moved_on <= until_on)
        .group_by(StockMove.product_id)
    )
    return {row.product_id: Worth(row.quantity, row.value) for row in rows}


def read_corrections(
    session: Session, *, first: date, before: date, known_at: datetime
) -> dict[Key, dict[date | None, Decimal]]:
    """What the books say of the months before a day, less what reports have said of them so far: by
    product and place, and by the first day of the month, None for days before the first report."""
    moved_in = cast(func.date_trunc("month", StockMove.moved_on), Date)
    month = case((StockMove.moved_on >= first, moved_in)).label("month")
    books = select(*_KEY, month, StockMove.quantity.label("quantity")).where(
        _is_done(known_at), StockMove.moved_on < before
    )
    told = union_all(books, *_reported(first)).subquery()
    off = func.sum(told.c.quantity).label("quantity")
    rows = session.execute(
        select(told.c.product_id, told.c.place_id, told.c.month, off)
        .group_by(told.c.product_id, told.c.place_id, told.c.month)
        .having(off != 0)
        .order_by(told.c.month.asc().nulls_first())
    )
    found: dict[Key, dict[date | None, Decimal]] = {}
    for row in rows:
        found.setdefault((row.product_id, row.place_id), {})[row.month] = row.quantity
    return found


def _reported(first: date) -> list[Any]:
    """What reports have said so far, of each month, with the signs turned."""
    line, report, correction = InventoryLine, InventoryReport, InventoryCorrection
    key = (line.product_id, line.place_id)
    said = line.on_hand - line.opening - line.corrections
    of_report = report.inventory_report_id == line.inventory_report_id
    return [
        select(*key, report.month, -said).join(report, of_report),
        select(*key, cast(null(), Date), -line.opening)
        .join(report, of_report)
        .where(report.month == first),
        select(*key, correction.corrects, -correction.quantity).join(
            correction,
            and_(
                correction.inventory_report_id == line.inventory_report_id,
                correction.line == line.position,
            ),
        ),
    ]


def _read_frozen(session: Session, report: InventoryReport, column: Any) -> dict[Key, Decimal]:
    rows = session.execute(
        select(InventoryLine.product_id, InventoryLine.place_id, column.label("quantity")).where(
            InventoryLine.inventory_report_id == report.inventory_report_id, column != 0
        )
    )
    return {(row.product_id, row.place_id): row.quantity for row in rows}


def _is_done(known_at: datetime) -> ColumnElement[bool]:
    return and_(StockMove.status == MoveStatus.DONE, StockMove.done_at <= known_at)


def _with_corrections(
    session: Session, report_id: str, lines: Sequence[InventoryLine]
) -> list[dict[str, Any]]:
    found: dict[int, list[dict[str, Any]]] = {}
    positions = [line.position for line in lines]
    corrections = session.scalars(
        select(InventoryCorrection)
        .where(
            InventoryCorrection.inventory_report_id == report_id,
            InventoryCorrection.line.in_(positions),
        )
        .order_by(InventoryCorrection.line, InventoryCorrection.position)
    )
    for one in corrections:
        said = {"month": one.corrects, "quantity": one.quantity}
        found.setdefault(one.line, []).append(said)
    return [
        {**{name: getattr(line, name) for name in _LINE}, "corrected": found.get(line.position, [])}
        for line in lines
    ]
