"""Claims about how an order bill goes, and about what a deposit is asked of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.sales.order_bills.rules import (
    MOVES,
    Action,
    BillStatus,
    move,
    say_refused,
    sum_by_rate,
)

LEADS = {
    ("draft", "changed"): "draft",
    ("draft", "asked for"): "asked",
    ("draft", "withdrawn"): "withdrawn",
    ("asked", "billed"): "billed",
    ("asked", "refused"): "refused",
    ("refused", "given up"): "given_up",
}


@pytest.mark.parametrize("status", BillStatus)
@pytest.mark.parametrize("action", Action)
def test_each_action_leads_where_the_table_says_or_is_refused(
    status: BillStatus, action: Action
) -> None:
    assert set(MOVES) == set(BillStatus)
    if (status, action) in LEADS:
        assert move(status, action, bill_id="obl_1") == LEADS[status, action]
        return
    with pytest.raises(Conflict, match="obl_1 is") as refused:
        move(status, action, bill_id="obl_1")
    assert refused.value.code == f"order_bill_{status}"


def test_a_deposit_is_asked_of_what_is_ordered_at_each_rate() -> None:
    rows = [("2.5", 333, "19"), ("1", 1000, "7"), ("3", 100, "19")]
    lines = [
        {"quantity": Decimal(many), "unit_price": price, "tax_percent": Decimal(rate)}
        for many, price, rate in rows
    ]
    assert sum_by_rate(lines) == [
        {"tax_percent": 7, "tax_code": None, "net": 1000},
        {"tax_percent": 19, "tax_code": None, "net": 833 + 300},
    ]


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("lines", "Order SO-1"), ("shipment", "A shipment of"), ("deposit", "The deposit of")],
)
def test_the_worklist_says_what_could_not_be_billed(kind: str, begins: str) -> None:
    said = say_refused("SO-1", kind, reason="Account A-1 is closed.")
    assert said.startswith(begins)
    assert said.endswith("SO-1 could not be billed. Account A-1 is closed.")
