"""Open counts, enter what is there, have it recounted and approved, and put the books right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import compress
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id, new_ids
from services.sales.count_settings.queries import find_tolerances
from services.sales.counts import events, queries, rules
from services.sales.counts.models import CountEntry, CountLine, StockCount
from services.sales.counts.rules import Action, Books, CountStatus, Judged, Named
from services.sales.levels.usecases import lock_levels
from services.sales.places.usecases import require_places
from services.sales.products.models import Product
from services.sales.products.queries import find_products
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock.usecases import record_moves

Judgement = tuple[CountLine, Books, Judged]


def open_count(
    session: Session,
    *,
    lines: Sequence[dict[str, Any]] | None,
    place_id: str | None,
    is_blind: bool,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Begin to count some products at a place; without any, all that are kept in stock."""
    products = _all_stocked(session) if lines is None else _find(session, lines)
    wanted = [(product.product_id, today, None) for product in products]
    count = begin_count(
        session,
        wanted=wanted,
        place_id=place_id,
        is_blind=is_blind,
        note=note,
        today=today,
        now=now,
        by=by,
    )
    return queries.show_count(session, count, today=today)


def begin_count(
    session: Session,
    *,
    wanted: Sequence[tuple[str, date, str | None]],
    place_id: str | None,
    is_blind: bool,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
    plan_id: str | None = None,
) -> StockCount:
    """An open count of these products, each since when it is due and in which value class it is."""
    rules.require_line_count(len(wanted))
    if place_id is not None:
        require_places(session, {place_id})
    tolerances = find_tolerances(session)
    count = StockCount(
        count_id=new_id("cnt"),
        status=CountStatus.OPEN,
        place_id=place_id,
        plan_id=plan_id,
        is_blind=is_blind,
        note=note,
        tolerance_percent=tolerances.percent,
        cost_tolerances=tolerances.costs,
        opened_on=today,
        opened_at=now,
        opened_by=by,
    )
    _append(count, wanted)
    session.add(count)
    session.flush()
    return count


def add_lines(
    session: Session, *, count_id: str, lines: Sequence[dict[str, Any]], today: date
) -> dict[str, Any]:
    """Add what is on the shelf too."""
    count = _move(session, count_id, Action.ADD)
    products = _find(session, lines)
    known = {line.product_id for line in count.lines}
    again = [one.product_id in known for one in products]
    rules.require_new([*compress(_where(lines, products), again)], number=count.number)
    rules.require_line_count(len(products) + len(known))
    _append(count, [(product.product_id, today, None) for product in products])
    session.flush()
    return queries.show_count(session, count, today=today)


def enter_quantities(
    session: Session,
    *,
    count_id: str,
    lines: Sequence[dict[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Store what somebody has counted, for the first time or anew; each entry is kept."""
    count = _move(session, count_id, Action.ENTER)
    named = _lines_of(session, count, lines)
    entries = new_ids("cne", len(named))
    for entry_id, line, one in zip(entries, named, lines, strict=True):
        line.counted = one["quantity"]
        line.counted_on, line.counted_at, line.counted_by = today, now, by
        session.add(
            CountEntry(
                entry_id=entry_id,
                count_id=count_id,
                line_id=line.line_id,
                counted=one["quantity"],
                counted_at=now,
                counted_by=by,
            )
        )
    session.flush()
    return queries.show_count(session, count, today=today)


def finish_count(session: Session, *, count_id: str, today: date, now: datetime) -> dict[str, Any]:
    """All is counted: from now on it shows what is off."""
    count = _move(session, count_id, Action.FINISH)
    missing = [line.product.sku for line in count.lines if line.counted is None]
    rules.require_all_counted(missing, number=count.number)
    count.counted_at = now
    session.flush()
    return queries.show_count(session, count, today=today)


def recount(
    session: Session,
    *,
    count_id: str,
    lines: Sequence[dict[str, Any]],
    reason: str,
    today: date,
) -> dict[str, Any]:
    """Have some products counted again. What was approved is to be approved again."""
    count = _move(session, count_id, Action.RECOUNT)
    for line in _lines_of(session, count, lines):
        line.counted = line.counted_on = line.counted_at = line.counted_by = None
        line.recount_reason = reason
    for line in count.lines:
        line.approved = None
    count.counted_at = count.approved_at = count.approved_by = count.approval_reason = None
    session.flush()
    return queries.show_count(session, count, today=today)


def approve_count(
    session: Session, *, count_id: str, reason: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Accept what is off beyond tolerance, as it is now; by nobody who has counted any of it."""
    count = _move(session, count_id, Action.APPROVE)
    rules.require_another_person(by, counters=queries.find_counters(session, count_id=count_id))
    beyond = _beyond(queries.judge_lines(session, count, today=today))
    rules.require_something_beyond([line.product.sku for line, *_ in beyond], number=count.number)
    for line, _, judged in beyond:
        line.approved = judged.variance
    count.approved_at, count.approved_by, count.approval_reason = now, by, reason
    session.flush()
    return queries.show_count(session, count, today=today)


def post_count(
    session: Session, *, count_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Put the books right: one move for each product that is off."""
    count = fetch_for_change(session, StockCount, count_id)
    status = rules.next_status(count.status, Action.POST, number=count.number)
    lock_levels(session, product_ids=[line.product_id for line in count.lines])
    judgements = queries.judge_lines(session, count, today=today)
    rules.require_approved(_not_approved(judgements), number=count.number)
    moves = [_move_of(count, *one, today=today) for one in judgements if one[2].variance]
    record_moves(session, moves, today=today, now=now, by=by)
    for line, books, _ in judgements:
        line.expected, line.moved_since = books.on_hand, books.moved_since
        line.unit_cost, line.currency = books.unit_cost, books.currency
    count.status, count.posted_on, count.posted_at, count.posted_by = status, today, now, by
    session.flush()
    _tell(session, count, judgements)
    return queries.show_count(session, count, today=today)


def cancel_count(
    session: Session, *, count_id: str, reason: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Give up a count; the books stay as they are."""
    count = _move(session, count_id, Action.CANCEL)
    count.cancelled_at, count.cancelled_by, count.cancel_reason = now, by, reason
    session.flush()
    return queries.show_count(session, count, today=today)


def _move(session: Session, count_id: str, action: Action) -> StockCount:
    """The count, locked and moved; its version grows, too, where only a line changes."""
    count = fetch_for_change(session, StockCount, count_id)
    count.status = rules.next_status(count.status, action, number=count.number)
    flag_modified(count, "status")
    return count


def _append(count: StockCount, wanted: Sequence[tuple[str, date, str | None]]) -> None:
    begin = len(count.lines) + 1
    line_ids = new_ids("cnl", len(wanted))
    for place, (line_id, (product_id, due_on, value_class)) in enumerate(
        zip(line_ids, wanted, strict=True), begin
    ):
        count.lines.append(
            CountLine(
                line_id=line_id,
                position=place,
                product_id=product_id,
                due_on=due_on,
                value_class=value_class,
            )
        )


def _all_stocked(session: Session) -> Sequence[Product]:
    statement = select(Product).where(Product.is_stocked, Product.is_active).order_by(Product.sku)
    return session.scalars(statement.limit(rules.LINES_MAX + 1)).all()


def _find(session: Session, named: Sequence[Mapping[str, Any]]) -> list[Product]:
    """The products that are named, each once, all kept in stock."""
    products = _named(session, named)
    where = _where(named, products)
    rules.require_once(where)
    rules.require_stocked([*compress(where, (not one.is_stocked for one in products))])
    return products


def _named(session: Session, named: Sequence[Mapping[str, Any]]) -> list[Product]:
    found = find_products(
        session,
        product_ids=[one["product_id"] for one in named if "product_id" in one],
        skus=[one["sku"] for one in named if "sku" in one],
    )
    return [_pick(found, place, one) for place, one in enumerate(named)]


def _pick(found: Mapping[tuple[str, str], Product], place: int, one: Mapping[str, Any]) -> Product:
    by = "product_id" if "product_id" in one else "sku"
    product = found.get((by, one[by]))
    if product is None:
        raise rules.product_not_found(place, one)
    return product


def _where(named: Sequence[Mapping[str, Any]], products: Sequence[Product]) -> list[Named]:
    """Where each product is named."""
    fields = (rules.field_of(place, one) for place, one in enumerate(named))
    return [Named(field, one.sku) for field, one in zip(fields, products, strict=True)]


def _lines_of(
    session: Session, count: StockCount, named: Sequence[Mapping[str, Any]]
) -> list[CountLine]:
    """The lines of a count that are named, each once."""
    lines = {line.product_id: line for line in count.lines}
    products = _named(session, named)
    where = _where(named, products)
    rules.require_once(where)
    missing = (one.product_id not in lines for one in products)
    rules.require_in_count([*compress(where, missing)], number=count.number)
    return [lines[product.product_id] for product in products]


def _beyond(judgements: Iterable[Judgement]) -> list[Judgement]:
    return [one for one in judgements if one[2].is_beyond]


def _not_approved(judgements: Iterable[Judgement]) -> list[str]:
    return [
        line.product.sku
        for line, _, judged in _beyond(judgements)
        if line.approved != judged.variance
    ]


def _move_of(
    count: StockCount, line: CountLine, books: Books, judged: Judged, *, today: date
) -> NewMove:
    return NewMove(
        product_id=line.product_id,
        quantity=judged.variance,
        kind=MoveKind.COUNT,
        moved_on=today,
        key=f"{count.count_id}:{line.line_id}",
        about=count.count_id,
        place_id=count.place_id,
    )


def _tell(session: Session, count: StockCount, judgements: Sequence[Judgement]) -> None:
    """Announce what was counted, and what of it was off."""
    same = ("count_id", "number", "version", "place_id", "plan_id", "posted_on", "approved_by")
    announce(
        session,
        events.StockCounted,
        **{name: getattr(count, name) for name in same},
        lines=[_told(*one) for one in judgements],
        off=sum(1 for _, _, judged in judgements if judged.variance),
        products=len(judgements),
    )


def _told(line: CountLine, books: Books, judged: Judged) -> dict[str, Decimal | Any]:
    return {
        "product_id": line.product_id,
        "sku": line.product.sku,
        "counted": line.counted,
        "counted_by": line.counted_by,
        "expected": books.on_hand,
        "moved_since": books.moved_since,
        "variance": judged.variance,
        "variance_cost": judged.variance_cost,
        "currency": books.currency,
        "needed_approval": judged.is_beyond,
    }
