"""Tests of the goods of the demo: when what is done of the story's orders, and the pages of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dev.demo.business import FIRST_DAY, LAST_DAY, Client, Payer, list_clients
from dev.demo.goods_pages import (
    find_gaps,
    sum_months,
    write_count,
    write_days,
    write_delivery,
    write_override,
    write_promises,
    write_return,
)
from dev.demo.habits import choose_order, draw_for, draw_for_item
from dev.demo.house import is_open
from dev.demo.money import is_fetched
from dev.demo.pages import WIDTH
from dev.demo.stockroom import APPROVED_ON, COUNTED_ON, STOCKED
from dev.demo.trading import BEYOND, LATE, PAID, PROMISED_ON, REFERENCES, RETURNED, find_deeds

DAYS = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
ZONE = ZoneInfo("Europe/Berlin")
NAMES = {"stf_1": "Olaf Stein", "stf_2": "Marcus Oyelaran"}
BILLED = (
    # which order's bill, of which day, over how much with tax
    (LATE, "2025-03-05", 1166_20),
    (LATE, "2025-03-26", 1166_20),
    (RETURNED, "2025-04-09", 207_36),
    (PAID, "2025-05-19", 605_12),
    (PAID, "2025-05-21", 403_41),
    (PAID, "2025-05-21", 201_71),
    (BEYOND, "2025-10-09", 3565_24),
)


def whose(reference: str) -> Client:
    number = reference.split("-")[1]
    return next(client for client in list_clients() if client.number == number)


def test_something_is_done_of_the_storys_orders_only_when_the_house_works() -> None:
    days = [day for day in DAYS if [*find_deeds(day)]]
    assert len(days) > len(REFERENCES)
    assert all(is_open(day) for day in (*days, COUNTED_ON, APPROVED_ON))


def test_what_is_late_is_noted_on_the_working_day_before_it_was_promised_for() -> None:
    [before] = [day for day in (PROMISED_ON - timedelta(days=n) for n in (1, 2, 3)) if is_open(day)]
    assert [*find_deeds(before)]


@pytest.mark.parametrize("reference", sorted(REFERENCES))
def test_those_who_place_them_pay_by_themselves_in_euro_and_are_not_billed_monthly(
    reference: str,
) -> None:
    client = whose(reference)
    assert (client.currency, is_fetched(client)) == ("EUR", False)
    assert client.tier != "key"
    assert client.payer in (Payer.PROMPT, Payer.LATE)


@pytest.mark.parametrize(("reference", "issued_on", "amount"), BILLED)
def test_nothing_else_happens_to_their_bills(reference: str, issued_on: str, amount: int) -> None:
    number = whose(reference).number
    item = {"account_number": number, "issued_on": issued_on, "amount": amount}
    assert draw_for_item(item).random() > 0.075
    assert draw_for(number, issued_on, amount, "settle").random() > 0.03


def test_of_what_is_ordered_anew_monthly_nobody_orders_more_in_a_month() -> None:
    sold: dict[tuple[str, int], int] = {}
    for client in list_clients():
        for day in DAYS:
            order = choose_order(client, day)
            for line in order["lines"] if order else ():
                place = line["sku"], day.month
                sold[place] = sold.get(place, 0) + int(line["quantity"])
    for goods in STOCKED:
        assert max(sold[goods.sku, month] for month in range(1, 13)) <= goods.reorder_at
        assert goods.order_quantity is not None and goods.order_quantity >= goods.reorder_at


def test_those_of_the_key_tier_are_promised_what_they_order() -> None:
    for client in list_clients():
        for day in DAYS:
            for line in (choose_order(client, day) or {"lines": ()})["lines"]:
                promised = [line.get("promised_on")]
                assert (promised > [str(day)]) if client.tier == "key" else promised == [None]


STEP = {
    "step": "shipped",
    "at": "2025-03-05T08:00:00+00:00",
    "sentence": "Shipment SH-7 sent.",
    "by": "stf_1",
}
LINE = {
    "sku": "TUMBLER-05",
    "ordered": "40.000",
    "shipped": "20",
    "open": "20",
    "first_promised_on": "2025-03-17",
    "promised_on": "2025-03-28",
}
DELIVERY: dict[str, Any] = {
    "steps": [STEP, STEP | {"step": "late", "sentence": "20 are late.", "by": None}],
    "lines": [LINE],
    "waits_for": "goods",
    "since": "2025-03-05T08:00:00+00:00",
}


def test_a_delivery_says_each_step_by_whom_and_what_it_waits_for() -> None:
    assert list(write_delivery(DELIVERY, NAMES, ZONE)) == [
        "  Wed 05 Mar 09:00  Shipment SH-7 sent. (Olaf Stein)",
        "  Wed 05 Mar 09:00  On the list: 20 are late.",
        "  40 of TUMBLER-05: 20 shipped, 20 open, promised for 2025-03-17, then for 2025-03-28",
        "  It waits for goods, since Wed 05 Mar 09:00.",
    ]


def test_a_delivery_that_was_kept_waits_for_nothing() -> None:
    kept = LINE | {"shipped": "40", "open": "0", "promised_on": "2025-03-17"}
    page = DELIVERY | {"steps": [], "lines": [kept], "waits_for": None, "since": None}
    assert list(write_delivery(page, NAMES, ZONE)) == [
        "  40 of TUMBLER-05: 40 shipped, promised for 2025-03-17",
        "  It waits for nothing.",
    ]


def test_promises_are_told_by_what_was_promised_first_and_last() -> None:
    first, last = {"kept": 9, "late": 1, "rate": "90.00"}, {"kept": 0, "late": 0, "rate": None}
    page = list(write_promises({"first": first, "last": last}))
    assert page[0].endswith("   9 of 10 promised lines kept: 90.00 %")
    assert page[1].endswith("   0 of 0 promised lines kept: none")


def test_a_return_says_what_became_of_it_and_what_it_waits_for() -> None:
    none = {"scrapped": "0", "credited": "0", "replaced": "0"}
    line = {"sku": "MUG-6", "quantity": "3", "received": "3", "restocked": "2", "rejected": "1"}
    sent = {"action": "inspected", "note": "One was used.", "at": STEP["at"], "by": "stf_1"}
    page = {"number": "RT-1", "lines": [line | none], "steps": [sent], "waits_for": "answer"}
    assert list(write_return(page | {"waits_since": STEP["at"]}, NAMES, ZONE)) == [
        "  RT-1, 3 of MUG-6: 3 received, 2 restocked, 1 rejected",
        "  Wed 05 Mar 09:00  Inspected: One was used. (Olaf Stein)",
        "  It waits for answer, since Wed 05 Mar 09:00.",
    ]


COUNTED = {
    "sku": "TUMBLER-05",
    "expected": "16",
    "counted": "12",
    "variance": "-4",
    "variance_cost": -12000,
    "currency": "EUR",
    "quantity_ratio": "5.0000",
    "cost_ratio": "2.0000",
    "is_approved": True,
    "counted_by": "stf_1",
}


def test_a_count_says_what_is_off_by_how_many_tolerances_and_who_approved_it() -> None:
    few = COUNTED | {"is_approved": False, "quantity_ratio": None}
    count = {"lines": [COUNTED, few], "approved_by": "stf_2", "approval_reason": "Samples."}
    _, first, second, counted, approved = write_count(count, NAMES)
    said = ["TUMBLER-05", "16", "12", "-4", "-120.00", "EUR", "5.00", "and", "2.00", "approved"]
    assert first.split() == said
    assert second.split()[-4:] == ["none", "and", "2.00", "passes"]
    assert (counted, approved) == (
        "  Counted by Olaf Stein.",
        "  Approved by Marcus Oyelaran: Samples.",
    )


def test_an_override_says_who_let_how_much_pass_and_until_when() -> None:
    override = {
        "gross": 356524,
        "currency": "EUR",
        "granted_by": "stf_2",
        "until": "2025-10-10",
        "reason": "They pay.",
        "number": "SO-9",
        "used_at": "2025-10-07T08:00:00+00:00",
    }
    assert list(write_override("Refused.", override, NAMES, ZONE)) == [
        "  Refused.",
        "  Marcus Oyelaran let 3,565.24 EUR pass until 2025-10-10: They pay.",
        "  Used when SO-9 was confirmed on Tue 07 Oct.",
    ]


def test_days_are_told_in_their_order_each_in_the_order_it_came() -> None:
    told = [("2025-05-21", "billed: 6"), ("2025-05-19", "ordered"), ("2025-05-21", "billed: 3")]
    assert list(write_days(told)) == [
        "  2025-05-19  ordered",
        "  2025-05-21  billed: 6",
        "  2025-05-21  billed: 3",
    ]


def months(*openings: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """Reports of months with one line each that began and ended so."""
    for number, (opening, on_hand) in enumerate(openings, start=1):
        report_id = f"ivr_{number}"
        values = [{"value": 36000, "currency": "EUR"}]
        moved = {"receipts": "16", "returns": "2", "corrections": "0", "shipments": "-8"}
        yield {
            "inventory_report_id": report_id,
            "month": f"2025-{number:02}",
            "values": values,
            "sha256": f"{number}4c7a5e8d3",
            "line": {
                **{"product_id": "prd_1", "place_id": None, "scrap": "0", "should_be": "16"},
                **{"opening": opening, "variance": "-4", "on_hand": on_hand, **moved},
            },
        }


def test_months_are_rows_of_sums() -> None:
    reports = [*months(("6", "12"))]
    lines = {report["inventory_report_id"]: [report["line"]] * 2 for report in reports}
    assert list(sum_months(reports, lines)) == [
        ["2025-01", "12", "36", "-16", "32", "-8", "24", "360.00 EUR", "14c7a5e8"]
    ]


@pytest.mark.parametrize(
    ("openings", "gaps"),
    [
        ((("0", "12"), ("12", "8")), []),
        ((("0", "12"), ("11", "8")), ["2025-02"]),
        ((("0", "12"), ("0", "8")), ["2025-02"]),
        ((("0", "0"), ("0", "8")), []),
    ],
)
def test_a_month_begins_where_the_one_before_ended(
    openings: tuple[tuple[str, str], ...], gaps: list[str]
) -> None:
    reports = [*months(*openings)]
    lines = {report["inventory_report_id"]: [report["line"]] for report in reports}
    told = list(find_gaps(reports, lines))
    assert [gap.split()[3] for gap in told] == gaps


def test_no_page_is_wider_than_is_read_well() -> None:
    long = STEP | {"sentence": "Words that go on and on. " * 9}
    assert max(map(len, write_delivery(DELIVERY | {"steps": [long]}, NAMES, ZONE))) <= WIDTH
    count = {"lines": [COUNTED], "approved_by": None, "approval_reason": None}
    assert max(map(len, write_count(count, NAMES))) <= WIDTH
