"""What holds of goods after every act, looked at from the rows alone, and of what was told of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from services.sales.inventory_reports.queries import get_csv
from services.sales.stock.queries import read_on_hand
from tests.services.sales.histories.snapshot import Row, Snapshot
from tests.services.sales.histories.world import World

NONE = Decimal(0)
QUESTIONS = 8
SECURED = ("assigned", "picked")
OVER = ("done", "cancelled")


class Asked(NamedTuple):
    """What is on hand on a day, as known at a moment, when it was the day `today`."""

    as_of: date
    known_at: datetime
    today: date


class Memory:
    """What was told before, and is told for ever: on hand of days, and the reports of months."""

    def __init__(self) -> None:
        self.on_hand: dict[Asked, dict[str, Decimal]] = {}
        self.reports: dict[str, tuple[str, list[Row]]] = {}
        self.at_once: set[str] = set()  # reports that were made while goods moved
        self.steps = 0

    def ask(self, world: World, as_of: date) -> None:
        """Remember what is told of a day now. Questions of long ago are forgotten."""
        asked = Asked(as_of, world.now, world.now.date())
        self.on_hand[asked] = _read(world, asked)
        while len(self.on_hand) > QUESTIONS:
            del self.on_hand[next(iter(self.on_hand))]

    def check(self, world: World) -> None:
        """Nothing that was told is told otherwise now."""
        self.steps += 1
        known = [*self.on_hand]
        chosen = known if self.steps % 8 == 0 else known[self.steps % 8 : self.steps % 8 + 1]
        for asked in chosen:
            assert _read(world, asked) == self.on_hand[asked], f"told otherwise: {asked}"
        self.check_reports(world)

    def check_reports(self, world: World) -> None:
        """A report's lines and hash never change, its hash is that of its lines, and the next begins
        where it ended."""
        rows, last = world.now_kept, None
        for report in rows.of("inventory_report"):
            key = report.inventory_report_id
            lines = rows.of("inventory_line", inventory_report_id=key)
            if key not in self.reports:
                self.reports[key] = (report.sha256, lines)
                self.at_once |= {key} if len(world.outcomes) > 1 else set()
                with world.session() as session:
                    csv = get_csv(session, inventory_report_id=key)
                assert hashlib.sha256(csv.encode()).hexdigest() == report.sha256
            assert self.reports[key] == (report.sha256, lines)
            if key not in self.at_once:
                _check_report(rows, report, lines)
            if last is not None:
                assert _told(lines, "opening") == _told(last, "on_hand")
            last = lines
        assert {*self.reports} == {one.inventory_report_id for one in rows.of("inventory_report")}


def _read(world: World, asked: Asked) -> dict[str, Decimal]:
    with world.session() as session:
        found = read_on_hand(session, **asked._asdict())
    return {product_id: quantity for product_id, quantity in found.items() if quantity}


def _told(lines: list[Row], name: str) -> dict[tuple[str, str | None], Decimal]:
    found = {(line.product_id, line.place_id): getattr(line, name) for line in lines}
    return {key: quantity for key, quantity in found.items() if quantity}


def _check_report(rows: Snapshot, report: Row, lines: list[Row]) -> None:
    """What it says is on hand is the sum of the moves that were known then."""
    moved: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for move in rows.of("stock_move", status="done"):
        is_known = datetime.fromisoformat(move.done_at) <= datetime.fromisoformat(report.known_at)
        if move.moved_on <= report.until_on and is_known:
            moved[move.product_id, move.place_id] += move.quantity
    assert _told(lines, "on_hand") == {key: many for key, many in moved.items() if many}


def check_goods(world: World) -> None:
    """On hand, reserved and values are what moves and reservations come to, now and on a past day."""
    rows = world.now_kept
    for product_id in world.products:
        _check_level(rows, product_id)
    _check_reservations(world, rows)
    _check_counts(rows)
    ago = len(rows.of("stock_move")) * 7 % 50
    for day in {world.now.date(), world.now.date() - timedelta(days=ago)}:
        with world.session() as session:
            told = read_on_hand(session, as_of=day, known_at=None, today=world.now.date())
        assert {key: many for key, many in told.items() if many} == _moved(rows, day.isoformat())


def _moved(rows: Snapshot, day: str) -> dict[str, Decimal]:
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for move in rows.of("stock_move", status="done"):
        if move.moved_on <= day:
            moved[move.product_id] += move.quantity
    return {product_id: many for product_id, many in moved.items() if many}


def _check_level(rows: Snapshot, product_id: str) -> None:
    of_it: dict[str, Any] = {"product_id": product_id}
    moves = rows.of("stock_move", status="done", **of_it)
    levels = rows.of("stock_level", **of_it)
    if not levels:
        assert not moves
        return
    [level] = levels
    assert level.on_hand == sum(one.quantity for one in moves)
    assert level.value == sum(one.value for one in moves)
    assert level.reserved == rows.sum("stock_reservation", "reserved", **of_it)
    assert 0 <= level.reserved <= level.on_hand and level.value >= 0
    months = rows.of("stock_month", **of_it)
    assert sum(one.quantity for one in months) == level.on_hand
    assert sum(one.value for one in months) == level.value
    for month in months:
        same = [
            one
            for one in moves
            if one.moved_on[:7] == month.month[:7] and (one.place_id or "") == month.place_id
        ]
        assert month.quantity == sum(one.quantity for one in same)
    waiting = [one for one in rows.of("stock_reservation", **of_it) if one.reserved < one.quantity]
    assert not waiting or level.reserved == level.on_hand, "who waits gets what is free"


def _check_reservations(world: World, rows: Snapshot) -> None:
    """Of a line no more is kept than is to leave; all that shipments have of it is kept. Where orders
    have never had their goods from their confirmation on, nothing else is."""
    is_early = any(one.reserves_at == "confirmation" for one in rows.of("stock_setting"))
    orders = {one.order_id: one for one in rows.of("order")}
    secured: dict[str, Decimal] = defaultdict(Decimal)
    for one in rows.of("shipment"):
        if one.status in SECURED and orders[one.order_id].status not in OVER:
            for line in rows.of("shipment_line", shipment_id=one.shipment_id):
                secured[line.line_id] += line.quantity
    for line in rows.of("order_line"):
        if line.quantity - line.shipped - line.cancelled <= 0:
            secured[line.line_id] = NONE  # of what is complete nothing more leaves
    kept = {one.line_id: one for one in rows.of("stock_reservation")}
    for line in rows.of("order_line"):
        still_open = max(line.quantity - line.shipped - line.cancelled, NONE)
        has = kept[line.line_id].quantity if line.line_id in kept else NONE
        assert secured[line.line_id] <= has, "what is assigned is kept"
        most = max(still_open, secured[line.line_id]) if is_early else secured[line.line_id]
        assert has <= most, "no more is kept than leaves"
        if has:
            assert kept[line.line_id].promised_on == line.promised_on, "it waits in its turn"
        if has and not rows.of("stock_count", status="posted"):
            assert secured[line.line_id] <= kept[line.line_id].reserved


def _check_counts(rows: Snapshot) -> None:
    """A count that is posted moved each product once, by what was off; another moved nothing."""
    moves = {one.key: one for one in rows.of("stock_move", kind="count")}
    for count in rows.of("stock_count"):
        for line in rows.of("stock_count_line", count_id=count.count_id):
            move = moves.pop(f"{count.count_id}:{line.line_id}", None)
            if count.status != "posted":
                assert move is None
                continue
            off = line.counted + line.moved_since - line.expected
            assert off == (move.quantity if move else 0)
    assert not moves
