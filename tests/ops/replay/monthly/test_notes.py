"""Tests of what comes back: found on the bill of its month by what its line says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ops.replay.monthly.matching import Credit, Said
from ops.replay.monthly.notes import describe_credit, index_bills
from ops.replay.retail.records import Sale
from ops.replay.rows import BrokenRow

MONTH, DAY = date(2010, 12, 31), date(2010, 12, 1)
SAID = Said("17850", MONTH, DAY, "85123A LIGHT HOLDER", 255, 6)
LINE = {
    "description": SAID.description,
    "service_from": DAY.isoformat(),
    "unit_price": 255,
    "quantity": "6",
}
BILLS = {("acc_1", MONTH): ["inv_1", "inv_2"]}


class System:
    """A system that shows invoices."""

    def __init__(self, **lines: list[dict[str, Any]]) -> None:
        self.lines = lines

    def get(self, path: str) -> dict[str, Any]:
        lines = self.lines.get(path.removeprefix("/v1/invoices/"), [])
        return {"lines": [{"position": n, **one} for n, one in enumerate(lines, start=1)]}


def credit(*places: int, month: date | None = MONTH) -> Credit:
    one = Credit("C9", "17850", date(2011, 1, 10), month)
    for place in places:
        one.of_bill[SAID, place] = 2
    return one


def describe(one: Credit, **lines: list[dict[str, Any]]) -> Any:
    system: Any = System(**lines)
    return describe_credit(system, one, account_id="acc_1", bills=BILLS, currency="GBP")


def test_a_line_is_found_by_what_it_says_and_of_several_that_say_the_same_each_once() -> None:
    others = [
        LINE | change
        for change in (
            {"unit_price": 254},
            {"quantity": "7"},
            {"quantity": "6.5"},
            {"service_from": "2010-12-02"},
            {"service_from": None},
            {"description": "Other"},
        )
    ]
    told = describe(credit(0, 1), inv_1=[*others, LINE, LINE])["on_invoice"]
    assert (told["invoice_id"], told["issued_on"]) == ("inv_1", "2011-01-10")
    assert told["reason"] == "What the shop's credit note C9 says."
    assert told["lines"] == [
        {"position": 7, "quantity": "2"},
        {"position": 8, "quantity": "2"},
    ]


def test_a_month_that_was_billed_in_parts_is_looked_through() -> None:
    assert describe(credit(0), inv_2=[LINE])["on_invoice"]["invoice_id"] == "inv_2"


@pytest.mark.parametrize("lines", [{}, {"inv_1": [LINE]}])
def test_what_is_on_no_bill_is_told(lines: dict[str, Any]) -> None:
    with pytest.raises(BrokenRow, match="on no bill of 2010-12"):
        describe(credit(0, 1), **lines)


@pytest.mark.parametrize(("quantity", "sent"), [(6, "6"), (2, "2")])
def test_what_is_of_no_bill_is_credited_freely(quantity: int, sent: str) -> None:
    one = credit(month=None)
    facts: dict[str, Any] = {"line": 2, "number": "C9", "issued_on": DAY, "customer": "17850"}
    facts |= {"country": "GB", "code": "1", "name": "X", "price": "2.55", "row": ""}
    one.of_none.append((Sale(**facts, quantity=-6, minor=Decimal(255)), quantity))
    told = describe(one)["free"]
    assert (told["account_id"], told["currency"]) == ("acc_1", "GBP")
    assert [(line["quantity"], line["unit_price"]) for line in told["lines"]] == [(sent, 255)]


def test_a_void_bill_is_none() -> None:
    facts = {"account_id": "acc_1", "issued_on": "2010-12-31"}
    bills = index_bills(
        [
            {**facts, "invoice_id": "inv_1", "voided_on": "2011-01-02"},
            {**facts, "invoice_id": "inv_2", "voided_on": None},
        ]
    )
    assert bills == {("acc_1", MONTH): ["inv_2"]}
