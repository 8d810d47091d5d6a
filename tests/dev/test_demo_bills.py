"""Tests of the bills of the demo: who gets which, and the pages that show them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dev.demo.bill_pages import write_failure, write_lines, write_papers, write_run
from dev.demo.business import FIRST_DAY, LAST_DAY, find_family, list_clients
from dev.demo.habits import choose_order
from dev.demo.house import is_open
from dev.demo.money import BILLED_AHEAD, list_goods
from dev.demo.monthly import SECOND_MACHINE_ON, begins_on, list_moments, list_monthly
from dev.demo.pages import WIDTH

DAYS = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
EUR = {"currency": "EUR"}
BILL = {**EUR, "account_id": "acc_1", "status": "invoiced", "total": 22491}
RUN = {
    "planned_at": "2025-12-01T09:00:00+00:00",
    "approved_at": "2025-12-01T09:30:00+00:00",
    "closed_at": None,
    "bills": 8,
    "left": 3,
}
PREVIEW: dict[str, Any] = {
    "counts": [{**EUR, "status": "nothing_due", "bills": 2, "total": 0}],
    "changes": [
        {**EUR, "change": "up", "bills": 5, "total": 210000, "previous": 200000},
        {**EUR, "change": "first", "bills": 1, "total": 22491, "previous": 0},
    ],
    "gone": [{**EUR, "bills": 1, "previous": 7000}],
    "left_out": [{**EUR, "reason": "by_hand", "status": "skipped", "bills": 1, "total": 500}],
    "largest": [BILL | {"invoice_number": "RE-2025-7"}, BILL | {"invoice_number": None}],
    "first": [BILL | {"invoice_number": "RE-2025-7"}],
}
LINE = {
    "description": "Hire",
    "quantity": "-2.000",
    "unit_price": 9450,
    "net": -18900,
    "service_from": "2025-06-16",
    "service_until": "2025-06-30",
    "advance_id": None,
}
INVOICE: dict[str, Any] = {
    **EUR,
    "number": "RE-2025-7",
    "issued_on": "2025-07-01",
    "total": 22491,
    "balance": 0,
    "paid_on": "2025-07-08",
    "order_id": None,
    "shipment_id": None,
    "lines": [LINE],
}
DEBIT = {**EUR, "amount": 22491, "submitted_at": "2025-07-08T08:00:00+00:00", "reason": "No funds."}


def test_runs_are_on_the_first_working_day_of_every_month_after_the_first() -> None:
    moments = [at for day in DAYS for at, _ in list_moments(day)]
    days = sorted({at.date() for at in moments})
    assert [day.month for day in days] == list(range(2, 13))
    assert all(is_open(day) for day in days)
    assert moments == sorted(moments)
    assert len(moments) == 3 * len(days)


def test_those_billed_monthly_begin_before_their_first_order() -> None:
    monthly = list_monthly()
    assert monthly
    for client in monthly:
        begins = begins_on(client)
        assert not any(choose_order(client, day) for day in DAYS if day <= begins)


def test_the_first_of_them_is_one_when_it_hires_a_second_machine_within_a_month() -> None:
    assert begins_on(list_monthly()[0]) < SECOND_MACHINE_ON
    assert SECOND_MACHINE_ON.day > 1
    assert is_open(SECOND_MACHINE_ON)


def test_somebody_who_pays_by_themselves_can_ask_to_wait() -> None:
    family = find_family(list_clients())
    assert any(client.number not in family for client in list_monthly())


def test_some_machines_are_billed_ahead() -> None:
    orders = (choose_order(client, day) for client in list_clients() for day in DAYS)
    ahead = [order for order in orders if order and BILLED_AHEAD in _skus(order)]
    assert 0 < len(ahead) < len(list_clients())


def _skus(order: dict[str, Any]) -> set[str]:
    return {line["sku"] for line in order["lines"]}


@pytest.mark.parametrize(
    ("invoice", "line", "is_of_goods"),
    [
        ({}, {"service_from": None}, True),
        ({"order_id": "ord_1", "shipment_id": "shp_1"}, {"service_from": None}, True),
        ({"order_id": "ord_1"}, {"service_from": None}, False),
        ({}, {}, False),
        ({}, {"service_from": None, "advance_id": "inv_1"}, False),
    ],
    ids=["of a month", "of a shipment", "ahead", "hire", "taken off"],
)
def test_what_comes_broken_is_goods(
    invoice: dict[str, Any], line: dict[str, Any], is_of_goods: bool
) -> None:
    found = list_goods(INVOICE | invoice | {"lines": [LINE | line]})
    assert bool(found) is is_of_goods


def test_a_run_says_how_many_what_changed_who_is_left_out_and_how_far_it_is() -> None:
    page = write_run(RUN, PREVIEW, {"acc_1": "Amber Hotel Ltd"}, ZoneInfo("Europe/Berlin"))
    assert [" ".join(line.split()) for line in page] == [
        "Bills",
        "2 nothing due 0.00 EUR",
        "Beside the run before",
        "5 more than by the run before 2,100.00 EUR; before 2,000.00 EUR",
        "1 never billed before 224.91 EUR",
        "1 billed before, not now 70.00 EUR",
        "Left out",
        "1 by hand, skipped 5.00 EUR",
        "The largest",
        "Amber Hotel Ltd 224.91 EUR RE-2025-7",
        "Amber Hotel Ltd 224.91 EUR invoiced",
        "For the first time",
        "Amber Hotel Ltd 224.91 EUR RE-2025-7",
        "planned 01 Dec 10:00, approved 01 Dec 10:30; 5 of 8 bills are done",
    ]


def test_a_run_that_leaves_out_nobody_says_so() -> None:
    nobody = PREVIEW | {"left_out": [], "first": []}
    page = list(write_run(RUN, nobody, {"acc_1": "Amber Hotel Ltd"}, ZoneInfo("Europe/Berlin")))
    for part in ("  Left out", "  For the first time"):
        assert page[page.index(part) + 1] == "    nobody"


def test_a_line_of_a_service_says_its_days() -> None:
    head, line = write_lines(INVOICE)
    assert head == "  RE-2025-7 of 2025-07-01: 224.91 EUR with tax"
    assert line.startswith("    Hire, 2025-06-16 to 2025-06-30  ")
    assert line.split()[-6:] == ["-2", "×", "94.50", "EUR", "-189.00", "EUR"]


def test_no_line_of_a_bill_is_wider_than_the_page() -> None:
    long = [LINE | {"description": "Words that go on. " * 9, "quantity": "12345.678"}]
    assert max(map(len, write_lines(INVOICE | {"lines": long}))) <= WIDTH


@pytest.mark.parametrize(
    ("changed", "said"),
    [({}, "paid on 2025-07-08"), ({"paid_on": None, "balance": 300}, "3.00 EUR of it open")],
)
def test_a_debit_that_bounced_says_why_and_what_became_of_the_fee(
    changed: dict[str, Any], said: str
) -> None:
    debit, fee = write_failure(DEBIT, INVOICE | changed)
    assert debit == "  224.91 EUR were to be fetched on 2025-07-08: No funds."
    assert fee == f"  The bank's fee: RE-2025-7 of 2025-07-01, 224.91 EUR, {said}"


def test_papers_are_where_the_page_says() -> None:
    assert list(write_papers([("RE-1.pdf", "a bill")], "papers")) == [
        "  RE-1.pdf                a bill",
        "  In papers",
    ]
