"""Claims about what several events say of an invoice together: in any order it is the same."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from services.sales.billed.rules import lines_billed, lines_credited, merge_told

TOLD: list[dict[str, Any]] = [
    {"account_id": "acc_1", "invoice_id": "inv_1", "number": "R1", "order_id": "ord_1"},
    {"account_id": "acc_2", "invoice_id": "inv_1", "is_paid": True, "settled_version": 2},
    {"account_id": "acc_2", "invoice_id": "inv_1", "is_paid": False, "settled_version": 3},
    {"account_id": "acc_2", "invoice_id": "inv_1", "is_void": True},
]


def test_what_is_told_together_says_the_same_in_any_order() -> None:
    merged = [merge_told(told) for told in permutations(TOLD)]
    [row] = merged[0]
    assert all(one == merged[0] for one in merged)
    assert (row["account_id"], row["number"], row["is_void"], row["is_paid"]) == (
        "acc_1",
        "R1",
        True,
        False,
    )


def test_only_lines_that_bill_goods_of_orders_count() -> None:
    lines = [
        {"order_line_id": "orl_1", "quantity": 4},
        {"order_line_id": None, "quantity": 1},
        {"order_line_id": "orl_1", "quantity": -1},
    ]
    assert lines_billed(lines) == lines[:1]


def test_a_lowered_price_and_a_fee_take_no_quantity_back() -> None:
    line = {"order_line_id": "orl_1", "invoice_position": 1, "quantity": 2}
    lines = [
        line | {"is_price_reduction": True},
        line | {"is_price_reduction": False},
        line | {"is_price_reduction": False, "order_line_id": None},
        line | {"is_price_reduction": False, "invoice_position": None, "quantity": -1},
    ]
    assert [place for place, _ in lines_credited(lines)] == [2]
