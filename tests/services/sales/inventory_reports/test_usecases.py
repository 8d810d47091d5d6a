"""The report of a month: it adds up, never changes, and the next one begins where it ended."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from chassis.doors.sessions import open_session
from kernel.callers import ITSELF
from kernel.refusals import Refusal
from services.sales.inventory_reports import queries, usecases
from services.sales.inventory_reports.rules import MOVED
from services.sales.stock.rules import MoveKind
from tests.services.client import Client
from tests.services.sales.stockroom import Stockroom

pytestmark = pytest.mark.server
FIRST_OF_APRIL, FIRST_OF_MAY = date(2026, 4, 1), date(2026, 5, 1)


class Reports(Stockroom):
    """A stockroom whose months are reported."""

    def report(self, month: str) -> dict[str, Any]:
        """The report of a month, asked for by hand."""
        found: dict[str, Any] = self.client.call("make_inventory_report", month=month)
        return found

    def first_of(self, day: date) -> dict[str, Any]:
        """The report that the day makes by itself."""
        self.client.day(day)
        self.client.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        found: dict[str, Any] = self.client.call("list_inventory_reports")["items"][0]
        return found

    def lines(self, report: dict[str, Any]) -> list[dict[str, Any]]:
        """All lines of a report, page by page; its hash is theirs, and each adds up."""
        found: list[dict[str, Any]] = []
        path, after = {"inventory_report_id": report["inventory_report_id"]}, None
        while after is not None or not found:
            page = self.client.call("list_inventory_lines", **path, limit=3, after=after)
            found += page["items"]
            after = page["next_after"]
            if after is None:
                break
        assert len(found) == report["lines"]
        for line in found:
            parts = ("opening", *MOVED, "corrections", "variance")
            assert Decimal(line["on_hand"]) == sum(Decimal(line[name]) for name in parts)
        assert hashlib.sha256(self.csv(report).encode()).hexdigest() == report["sha256"]
        return found

    def line(self, report: dict[str, Any], product_id: str) -> dict[str, Any]:
        """The line of a product in no place."""
        [line] = [one for one in self.lines(report) if one["product_id"] == product_id]
        return line

    def csv(self, report: dict[str, Any]) -> str:
        with open_session(self.client.bind, ITSELF) as session:
            return queries.get_csv(session, inventory_report_id=report["inventory_report_id"])


@pytest.fixture
def reports(client: Client) -> Reports:
    return Reports(client)


def figures(line: dict[str, Any]) -> list[int]:
    """Opening, corrections, should be, variance, on hand."""
    names = ("opening", "corrections", "should_be", "variance", "on_hand")
    return [int(line[name]) for name in names]


def test_on_the_first_the_month_before_is_frozen(reports: Reports) -> None:
    chair = reports.keep(14)
    reports.receive(chair, 6)
    reports.move(chair, -3)
    reports.move(chair, 2, MoveKind.RETURN)
    reports.move(chair, -1, MoveKind.SCRAP)
    counted = reports.posted({chair: 17})
    report = reports.first_of(FIRST_OF_APRIL)
    assert (report["month"], report["is_by_hand"], report["made_by"]) == (
        "2026-03",
        False,
        "service",
    )
    line = reports.line(report, chair)
    assert [int(line[name]) for name in MOVED] == [20, -3, 2, -1, 0]
    assert figures(line) == [0, 0, 18, -1, 17]
    assert (line["value"], line["variance_value"], line["currency"]) == (30600, -1800, "EUR")
    assert (line["last_counted"], line["last_counted_on"]) == ("17", "2026-03-02")
    assert (line["last_counted_by"], line["last_count"]) == ("kim", counted["number"])


def test_on_no_other_day_and_before_anything_was_in_stock_nothing_is_reported(
    reports: Reports,
) -> None:
    reports.client.day(FIRST_OF_APRIL)
    reports.keep(3)
    reports.client.day(date(2026, 4, 2))
    assert reports.client.call("list_inventory_reports")["items"] == []


def test_a_later_move_alters_nothing_and_stands_in_the_next_report(reports: Reports) -> None:
    chair = reports.keep(14)
    march = reports.first_of(FIRST_OF_APRIL)
    before = (reports.lines(march), reports.csv(march))
    reports.move(chair, -3, on=date(2026, 3, 20))
    reports.receive(chair, 5)
    assert (reports.lines(march), reports.csv(march)) == before
    april = reports.first_of(FIRST_OF_MAY)
    assert april["previous_report_id"] == march["inventory_report_id"]
    line = reports.line(april, chair)
    assert figures(line) == [14, -3, 16, 0, 16]
    assert line["corrected"] == [{"month": "2026-03-01", "quantity": "-3"}]
    rows = list(csv.DictReader(io.StringIO(reports.csv(april))))
    assert [(row["line"], row["month"], row["corrections"]) for row in rows] == [
        ("stock", "2026-04", "-3"),
        ("correction", "2026-03", "-3"),
    ]
    may = reports.first_of(date(2026, 6, 1))
    assert figures(reports.line(may, chair)) == [16, 0, 16, 0, 16]


def test_days_before_the_first_report_are_corrected_together(reports: Reports) -> None:
    chair = reports.keep(14)
    reports.first_of(FIRST_OF_APRIL)
    reports.move(chair, -1, on=date(2026, 3, 3))
    reports.receive(chair, 4, on=date(2026, 2, 3))
    line = reports.line(reports.first_of(FIRST_OF_MAY), chair)
    assert line["corrected"] == [
        {"month": None, "quantity": "4"},
        {"month": "2026-03-01", "quantity": "-1"},
    ]
    assert refusal(reports, "2026-02").code == "month_out_of_turn"


def refusal(reports: Reports, month: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        reports.report(month)
    return refused.value


def test_by_hand_a_report_is_made_of_a_month_gone_at_either_end(reports: Reports) -> None:
    chair = reports.keep(14)
    reports.client.now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    reports.receive(chair, 2, on=date(2026, 4, 7))
    assert refusal(reports, "2026-05").code == "month_not_over"
    april = reports.report("2026-04")
    *_, told = reports.client.announced("inventory_reported")
    assert {name: april[name] for name in told} == told
    assert april["is_by_hand"]
    assert refusal(reports, "2026-04").facts["inventory_report_id"] == april["inventory_report_id"]
    assert "make that of 2026-05 or of 2026-03 first" in refusal(reports, "2026-02").detail
    reports.wait(hours=1)
    reports.receive(chair, 1, on=date(2026, 3, 9))
    march = reports.report("2026-03")
    assert figures(reports.line(march, chair)) == [0, 0, 14, 0, 14]
    assert figures(reports.line(april, chair)) == [14, 0, 16, 0, 16]
    may = reports.line(reports.first_of(date(2026, 6, 1)), chair)
    assert (figures(may), may["corrected"]) == (
        [16, 1, 17, 0, 17],
        [{"month": "2026-03-01", "quantity": "1"}],
    )


def test_months_that_are_missing_are_made_up_for_in_order(reports: Reports) -> None:
    reports.keep(14)
    reports.first_of(FIRST_OF_APRIL)
    reports.first_of(date(2026, 7, 1))
    found = reports.client.call("list_inventory_reports")["items"]
    assert [one["month"] for one in found] == ["2026-06", "2026-05", "2026-04", "2026-03"]


def test_nothing_in_stock_is_nothing_to_report(reports: Reports) -> None:
    assert refusal(reports, "2026-01").code == "nothing_in_stock"


def test_each_place_has_lines_of_its_own_by_place_and_sku(reports: Reports) -> None:
    hall = reports.client.call("create_place", code="HALL-2", name="Hall 2")["place_id"]
    stool, chair = reports.keep(3, sku="STOOL"), reports.keep(10, sku="CHAIR")
    reports.receive(chair, 4, place_id=hall)
    report = reports.first_of(FIRST_OF_APRIL)
    said = [(one["place"], one["sku"], one["on_hand"]) for one in reports.lines(report)]
    assert said == [(None, "CHAIR", "10"), (None, "STOOL", "3"), ("HALL-2", "CHAIR", "4")]
    path = {"inventory_report_id": report["inventory_report_id"]}
    found = reports.client.call("list_inventory_lines", **path, place_id=hall)["items"]
    assert [one["on_hand"] for one in found] == ["4"]
    found = reports.client.call("list_inventory_lines", **path, product_id=stool)["items"]
    assert [one["sku"] for one in found] == ["STOOL"]


def test_on_paper_it_is_what_a_person_reads_with_its_hash_on_each_page(reports: Reports) -> None:
    chair = reports.keep(14, sku="CHAIR", name="Office chair")
    reports.move(chair, -2)
    reports.posted({chair: 11})
    reports.first_of(FIRST_OF_APRIL)
    reports.move(chair, -1, on=date(2026, 3, 30))
    report = reports.first_of(FIRST_OF_MAY)
    with open_session(reports.client.bind, ITSELF) as session:
        same = {"inventory_report_id": report["inventory_report_id"]}
        papers = [usecases.draw(session, **same) for _ in range(2)]
    assert papers[0] == papers[1]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(papers[0])).pages)
    for words in (
        "Inventory on 30 April 2026",
        "CHAIR · Office chair",
        "Corrections to earlier months",
        "2026-03",
        "180.00 EUR",
        report["sha256"],
        "page 1 of 1",
    ):
        assert words in " ".join(text.split()), words


def test_however_many_products_it_takes_as_many_statements(reports: Reports) -> None:
    def statements(month: str, count: int) -> int:
        day = date.fromisoformat(f"{month}-15")
        reports.client.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        for chair in [reports.keep(5) for _ in range(count)]:
            reports.move(chair, -1)
        reports.wait(days=31)
        with reports.counting() as sent:
            reports.report(month)
        return len(sent)

    statements("2026-03", 2)  # the first begins otherwise
    assert statements("2026-04", 2) == statements("2026-05", 50)
