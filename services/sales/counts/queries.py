"""Reading counts, and what the books say of what is counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.counts.models import CountEntry, CountLine, StockCount
from services.sales.counts.rules import (
    Books,
    CountStatus,
    Judged,
    LastCount,
    Onlooker,
    judge,
    may_show,
)
from services.sales.stock import queries as stock
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveKind, MoveStatus

_HEAD = [column.name for column in StockCount.__table__.columns if column.name != "cost_tolerances"]
_LINE = ("line_id", "position", "product_id", "counted", "counted_at", "counted_by", "due_on")
_NOTHING = Decimal(0)
_NO_COST: tuple[Decimal, str | None] = (_NOTHING, None)


def get_count(session: Session, *, count_id: str, today: date) -> dict[str, Any]:
    """A count with its lines, as far as they may be seen."""
    return show_count(session, fetch(session, StockCount, count_id), today=today)


def show_count(session: Session, count: StockCount, *, today: date) -> dict[str, Any]:
    """The count as it is now: what is expected and what is off, unless that is to be hidden."""
    is_shown = may_show(is_blind=count.is_blind, status=count.status)
    books = read_books(session, count, today=today) if is_shown else {}
    lines = [_show_line(count, line, books.get(line.line_id)) for line in count.lines]
    beyond = [line for line in lines if line["needs_approval"]]
    return {
        **{name: getattr(count, name) for name in _HEAD},
        "cost_tolerances": [
            {"currency": currency, "amount": amount}
            for currency, amount in sorted(count.cost_tolerances.items())
        ],
        "needs_approval": bool(beyond) if count.status != CountStatus.OPEN else None,
        "lines": lines,
    }


def list_counts(
    session: Session,
    *,
    status: str | None,
    place_id: str | None,
    plan_id: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of counts without their lines, the newest first."""
    statement = select(StockCount)
    for column, value in (
        (StockCount.status, status),
        (StockCount.place_id, place_id),
        (StockCount.plan_id, plan_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    by = [StockCount.count_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def list_entries(
    session: Session, *, count_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of the quantities that were entered in a count, the first first."""
    fetch(session, StockCount, count_id)
    statement = select(CountEntry).where(CountEntry.count_id == count_id)
    return read_page(session, statement, by=[CountEntry.entry_id], limit=limit, after=after)


def find_counters(session: Session, *, count_id: str) -> frozenset[str]:
    """Who has counted any of a count, first or again."""
    statement = select(CountEntry.counted_by).where(CountEntry.count_id == count_id).distinct()
    return frozenset(session.scalars(statement))


def find_hidden(
    session: Session, *, product_ids: Collection[str], onlooker: Onlooker
) -> frozenset[str]:
    """Those of these products that are being counted blind, of which somebody is not to know what is
    expected."""
    if not product_ids:
        return frozenset()
    blind = (
        select(CountLine.product_id)
        .join(StockCount, StockCount.count_id == CountLine.count_id)
        .where(
            CountLine.product_id.in_(product_ids),
            StockCount.is_blind,
            StockCount.status == CountStatus.OPEN,
        )
    )
    if onlooker.may_approve:
        has_counted = exists().where(
            CountEntry.count_id == CountLine.count_id, CountEntry.counted_by == onlooker.subject
        )
        blind = blind.where(has_counted)
    return frozenset(session.scalars(blind))


def find_last_counts(
    session: Session, *, product_ids: Collection[str], until_on: date
) -> dict[tuple[str, str | None], LastCount]:
    """The last posted count of each product at each place up to a day: by product and place."""
    key = (CountLine.product_id, StockCount.place_id)
    rows = session.execute(
        select(
            *key,
            CountLine.counted,
            CountLine.counted_on,
            CountLine.counted_by,
            StockCount.number,
        )
        .join(StockCount, StockCount.count_id == CountLine.count_id)
        .where(
            StockCount.status == CountStatus.POSTED,
            StockCount.posted_on <= until_on,
            CountLine.product_id.in_(product_ids),
        )
        .ext(distinct_on(*key))
        .order_by(*key, CountLine.counted_at.desc(), CountLine.line_id.desc())
    )
    return {
        (row.product_id, row.place_id): LastCount(
            row.counted, row.counted_on, row.counted_by, row.number
        )
        for row in rows
    }


def judge_lines(
    session: Session, count: StockCount, *, today: date
) -> list[tuple[CountLine, Books, Judged]]:
    """How far off each line is now; all are counted."""
    books = read_books(session, count, today=today)
    return [
        (line, books[line.line_id], judge(line.counted, books[line.line_id], count.tolerances))
        for line in count.lines
        if line.counted is not None
    ]


def read_books(session: Session, count: StockCount, *, today: date) -> Mapping[str, Books]:
    """What the books say of each line, by its id: now, or when the count was posted."""
    if count.status == CountStatus.POSTED:
        return {line.line_id: line.books for line in count.lines if line.books is not None}
    products = [line.product_id for line in count.lines]
    on_hand = stock.read_on_hand(
        session, as_of=today, known_at=None, product_ids=products, place_id=count.place_id
    )
    costs = stock.read_costs(session, product_ids=products)
    moved = _read_moved_since(session, count)
    return {
        line.line_id: Books(
            on_hand.get(line.product_id, _NOTHING),
            moved.get(line.line_id, _NOTHING),
            *costs.get(line.product_id, _NO_COST),
        )
        for line in count.lines
    }


def _read_moved_since(session: Session, count: StockCount) -> dict[str, Decimal]:
    """What moved after a line was counted, by its id: done since, on that day or later. What other counts
    put right moved nothing on the shelf."""
    rows = session.execute(
        select(CountLine.line_id, func.sum(StockMove.quantity).label("moved"))
        .join(StockMove, StockMove.product_id == CountLine.product_id)
        .where(
            CountLine.count_id == count.count_id,
            StockMove.status == MoveStatus.DONE,
            StockMove.kind != MoveKind.COUNT,
            StockMove.place_id.is_not_distinct_from(count.place_id),
            StockMove.moved_on >= CountLine.counted_on,
            StockMove.done_at > CountLine.counted_at,
        )
        .group_by(CountLine.line_id)
    )
    return {row.line_id: row.moved for row in rows}


def _show_line(count: StockCount, line: CountLine, books: Books | None) -> dict[str, Any]:
    """A line; what follows from what is expected only where `books` say it."""
    judged = None
    if books is not None and line.counted is not None:
        judged = judge(line.counted, books, count.tolerances)
    return {
        **{name: getattr(line, name) for name in _LINE},
        "sku": line.product.sku,
        "name": line.product.name,
        "unit": line.product.unit,
        "recount_reason": line.recount_reason if books else None,
        "value_class": line.value_class if books else None,
        "expected": books.on_hand if books else None,
        "moved_since": books.moved_since if books else None,
        "unit_cost": books.unit_cost if books else None,
        "currency": books.currency if books else None,
        "variance": judged.variance if judged else None,
        "variance_share": judged.variance_share if judged else None,
        "quantity_ratio": judged.quantity_ratio if judged else None,
        "variance_cost": judged.variance_cost if judged else None,
        "cost_ratio": judged.cost_ratio if judged else None,
        "needs_approval": judged.is_beyond if judged else None,
        "is_approved": (line.approved == judged.variance) if judged else None,
    }
