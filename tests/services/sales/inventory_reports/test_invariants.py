"""Whatever moves before, during and after: counts put the books right, and reports never change."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.doors.sessions import open_session
from kernel.calendar import add_months
from kernel.callers import ITSELF
from kernel.refusals import Refusal
from services.sales.inventory_reports import queries
from services.sales.stock.rules import MoveKind
from tests.services.client import Client
from tests.services.sales.stockroom import LEAD, Stockroom

pytestmark = pytest.mark.server

quantities = st.integers(1, 9)
moves = st.one_of(
    st.tuples(st.just("receive"), quantities, st.just(0)),
    st.tuples(st.just("ship"), quantities, st.just(0)),
    st.tuples(st.just("late"), quantities, st.integers(1, 45)),
)
steps = st.lists(
    st.one_of(
        moves,
        st.tuples(st.just("month"), st.just(0), st.just(0)),
        st.tuples(st.just("count"), st.integers(0, 20), st.lists(moves, max_size=3)),
    ),
    max_size=12,
)


class Year(Stockroom):
    """A product, what happens to it, and what its months were reported as."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        client.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.chair = self.keep(10)
        self.frozen: list[tuple[dict[str, Any], str]] = []
        self.expected = Decimal(10)

    def step(self, what: str, quantity: int, more: Any) -> Decimal:
        """Do it; what it changes on the shelf today, if it could be done."""
        self.wait(hours=1)
        if what == "month":
            self.month()
            return Decimal(0)
        if what == "count":
            self.count(quantity, more)
            return Decimal(0)
        return self.moved(what, quantity, more)

    def moved(self, what: str, quantity: int, days_ago: int) -> Decimal:
        signed = -quantity if what == "ship" else quantity
        kind = MoveKind.SHIPMENT if what == "ship" else MoveKind.RECEIPT
        on = self.today - timedelta(days=days_ago)
        facts = {} if what == "ship" else {"unit_cost": 1800, "currency": "EUR"}
        try:
            self.move(self.chair, signed, kind, on=on, **facts)
        except Refusal:  # not so much is there
            return Decimal(0)
        self.expected += signed
        return Decimal(signed)

    def count(self, found: int, meanwhile: list[tuple[str, int, int]]) -> None:
        count = self.counted({self.chair: found})
        since = Decimal(0)
        for what, quantity, days_ago in meanwhile:
            self.wait(hours=1)
            moved = self.moved(what, quantity, days_ago)
            since += moved if not days_ago else 0
        if found + since >= 0:
            self.post(count)
            self.expected = found + since

    def post(self, count: dict[str, Any]) -> None:
        if self.do("get_count", count)["needs_approval"]:
            self.do("approve_count", count, reason="Counted twice.", caller=LEAD)
        self.do("post_count", count)

    def month(self) -> None:
        first = add_months(self.today.replace(day=1), 1)
        self.client.now = datetime(first.year, first.month, 1, 3, tzinfo=UTC)
        self.client.call("make_inventory_report", month=f"{add_months(first, -1):%Y-%m}")
        report = self.client.call("list_inventory_reports")["items"][0]
        self.check(report, first)
        self.frozen.append((report, self.csv(report)))

    def check(self, report: dict[str, Any], first: date) -> None:
        """It begins where the last ended, and ends with what the books say."""
        with open_session(self.client.bind, ITSELF) as session:
            books = queries.read_on_hand_before(session, day=first, known_at=self.client.now)
        assert self.said(report, "on_hand") == books.get((self.chair, None), 0)
        if self.frozen:
            last, _ = self.frozen[-1]
            assert self.said(report, "opening") == self.said(last, "on_hand")
            assert report["previous_report_id"] == last["inventory_report_id"]

    def said(self, report: dict[str, Any], name: str) -> Decimal:
        """What a report says of the product; nothing where it says nothing of it."""
        path = {"inventory_report_id": report["inventory_report_id"]}
        lines = self.client.call("list_inventory_lines", **path)["items"]
        return sum((Decimal(line[name]) for line in lines), Decimal(0))

    def csv(self, report: dict[str, Any]) -> str:
        with open_session(self.client.bind, ITSELF) as session:
            report_id = report["inventory_report_id"]
            return queries.get_csv(session, inventory_report_id=report_id)


@settings(max_examples=12, deadline=None)
@given(steps=steps)
def test_counts_put_the_books_right_and_reports_never_change(
    modules_client: Client, steps: list[tuple[str, int, Any]]
) -> None:
    with modules_client.undoing():
        year = Year(modules_client)
        for what, quantity, more in steps:
            year.step(what, quantity, more)
            assert year.on_hand(year.chair) == year.expected
        year.month()
        for report, text in year.frozen:
            assert year.csv(report) == text
            assert hashlib.sha256(text.encode()).hexdigest() == report["sha256"]
