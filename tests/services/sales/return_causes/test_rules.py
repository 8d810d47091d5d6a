"""Which returns a remedy, or lines of an order below nothing, open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.sales.return_causes import rules
from services.sales.return_causes.rules import BackLine, SoldLine
from tests.services.sales.returning import code_of

KNOWN = {
    "orl_1": SoldLine("orl_1", "ord_1", "acc_1", "prd_1", 2160),
    "orl_2": SoldLine("orl_2", "ord_1", "acc_1", "prd_1", 900),
    "orl_3": SoldLine("orl_3", "ord_2", "acc_1", "prd_2", 500),
}


def line(order_line_id: str | None, quantity: str = "1", price: int = 500, **facts: Any) -> Any:
    said = {"position": 1, "order_line_id": order_line_id, "description": "Chair"}
    said |= {"quantity": Decimal(quantity), "unit_price": price, "is_returned": True}
    return said | facts


@pytest.mark.parametrize(
    ("lines", "account_id", "code"),
    [
        ([line("orl_1")], "acc_1", None),
        ([line("orl_1"), line(None)], "acc_1", "order_line_unknown"),
        ([line("orl_9")], "acc_1", "order_line_unknown"),
        ([line("orl_1")], "acc_2", "order_line_unknown"),
        ([], "acc_1", "lines_missing"),
    ],
)
def test_a_remedy_is_of_lines_that_the_account_ordered(
    lines: list[Any], account_id: str, code: str | None
) -> None:
    found = code_of(lambda: rules.require_known(lines, KNOWN, account_id=account_id))
    assert found == code


def test_what_comes_back_of_several_orders_is_a_return_of_each_at_what_it_is_made_good_for() -> (
    None
):
    lines = [line("orl_1", "2", 1400), line("orl_1", "1", 2160), line("orl_3", "4", 500)]
    assert rules.group_by_order(lines, KNOWN) == {
        "ord_1": {"orl_1": (3, 1400)},
        "ord_2": {"orl_3": (4, None)},
    }
    assert rules.sum_products([*lines, line("orl_2")], KNOWN) == {"prd_1": 4, "prd_2": 4}


def test_what_stays_is_summed_by_line_and_price() -> None:
    lines = [line("orl_2"), line("orl_2"), line("orl_2", price=1)]
    assert rules.lowered_of(lines) == [
        {"line_id": "orl_2", "quantity": "2", "unit_price": 500},
        {"line_id": "orl_2", "quantity": "1", "unit_price": 1},
    ]
    with pytest.raises(Conflict, match="grant a credit"):
        rules.require_returned([line("orl_2", is_returned=False)])
    rules.require_returned([line("orl_2", is_returned=False), line("orl_1")])


def test_lines_below_nothing_are_grouped_by_the_order_that_sold_them() -> None:
    lines = [
        BackLine("orl_b1", Decimal(1), "orl_1", "ord_1"),
        BackLine("orl_b2", Decimal(1), "orl_b2", "ord_9"),
        BackLine("orl_b3", Decimal(1), "orl_1", "ord_1"),
        BackLine("orl_b4", Decimal(1), "orl_2", "ord_1"),
    ]
    groups = [[one.line_id for one in group] for group in rules.group_back(lines)]
    assert groups == [["orl_b1", "orl_b4"], ["orl_b3"], ["orl_b2"]]
    assert [one.is_unsold for one in lines] == [False, True, False, False]


def test_why_it_is_opened_is_said_in_words() -> None:
    assert rules.say_reason("return", "Damaged") == "Return granted: Damaged"
    assert rules.say_reason("replacement", None) == "Replacement granted."
