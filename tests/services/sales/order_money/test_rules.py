"""Claims about what of an order line is to be billed and may go, computed anew from its quantities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.sales.order_money.rules import LineMoney, choose_lines, require_billed_on_order


def money(ordered: int, **facts: Any) -> LineMoney:
    known = {"line_id": "orl_1", "bills_on": "shipment", "ships_on": "order", "is_free": False}
    quantities = {"ordered": ordered, "cancelled": 0, "shipped": 0}
    for name, value in facts.items():
        (known if name in known else quantities)[name] = value
    return LineMoney(**known, **{name: Decimal(value) for name, value in quantities.items()})


@pytest.mark.parametrize(
    ("facts", "billable", "to_bill"),
    [
        ({"shipped": 60, "returned": 6, "billed": 54}, 54, 0),
        ({"shipped": 60, "returned": 6, "billed": 60, "credited": 6}, 54, 0),
        ({"shipped": 60, "returned": 6, "billed": 60}, 54, -6),
        ({"shipped": 40, "billed": 40}, 40, 0),
        ({"shipped": 40, "billed": 0, "left": 10}, 30, 30),
        ({"bills_on": "order"}, 60, 60),
        ({"bills_on": "order", "billed": 60}, 60, 0),
        ({"bills_on": "order", "billed": 60, "cancelled": 20}, 40, -20),
        ({"bills_on": "order", "billed": 60, "shipped": 63}, 63, 3),
        ({"bills_on": "order", "billed": 60, "credited": 6, "shipped": 60, "returned": 6}, 54, 0),
        ({"bills_on": "order", "left": 60}, 0, 0),
        ({"is_free": True, "shipped": 60}, 0, 0),
    ],
)
def test_what_is_to_be_billed_is_judged_by_quantities(
    facts: dict[str, Any], billable: int, to_bill: int
) -> None:
    line = money(60, **facts)
    assert (line.billable, line.to_bill) == (billable, to_bill)


@pytest.mark.parametrize(
    ("facts", "too_much"),
    [
        ({"billed": 60, "cancelled": 20}, 20),
        ({"billed": 60, "cancelled": 20, "credited": 5}, 15),
        ({"billed": 60, "cancelled": 20, "kept": 20}, 0),
        ({"billed": 60, "cancelled": 20, "kept": 15}, 5),
        ({"billed": 40, "cancelled": 20}, 0),
        ({"billed": 60, "returned": 20}, 0),
        ({"billed": 60, "returned": 20, "cancelled": 10}, 10),
        ({"billed": 60, "returned": 20, "cancelled": 10, "credited": 30}, 0),
        (
            {
                "billed": 60,
                "returned": 20,
                "cancelled": 10,
                "credited": 20,
                "credited_returns": 20,
            },
            10,
        ),
        ({"billed": 60, "cancelled": 20, "bills_on": "shipment"}, 0),
        ({"billed": 60, "cancelled": 20, "is_free": True}, 0),
    ],
)
def test_what_is_cancelled_after_it_was_billed_is_billed_too_much(
    facts: dict[str, Any], too_much: int
) -> None:
    assert money(60, **{"bills_on": "order"} | facts).too_much == too_much


def test_a_bill_for_four_and_six_that_is_edited_to_four_and_one_leaves_five() -> None:
    four, six = money(4, bills_on="order", billed=4), money(6, bills_on="order", billed=1)
    assert [four.to_bill, six.to_bill] == [0, 5]
    assert sum(one.billed + one.to_bill for one in (four, six)) == 10


@pytest.mark.parametrize(
    ("facts", "target", "to_ship"),
    [
        ({}, 9, 9),
        ({"shipped": 4, "cancelled": 2}, 9, 3),
        ({"ships_on": "payment"}, 0, 0),
        ({"ships_on": "payment", "paid": 6}, 6, 6),
        ({"ships_on": "payment", "paid": 6, "shipped": 6}, 6, 0),
        ({"ships_on": "payment", "paid": 9, "shipped": 6}, 9, 3),
        ({"ships_on": "payment", "paid": 6, "shipped": 8}, 6, 0),
        ({"ships_on": "payment", "paid": 9, "cancelled": 2}, 9, 7),
        ({"ships_on": "payment", "is_free": True}, 9, 9),
    ],
)
def test_shipped_on_payment_goes_what_paid_invoices_cover(
    facts: dict[str, Any], target: int, to_ship: int
) -> None:
    line = money(9, **facts)
    assert (line.target, line.to_ship) == (target, to_ship)


QUANTITY = st.integers(0, 50)


@given(st.sampled_from(["order", "shipment"]), *[QUANTITY] * 6)
def test_what_is_billed_and_to_be_billed_is_what_is_billable(
    bills_on: str, shipped: int, returned: int, left: int, billed: int, credited: int, asked: int
) -> None:
    line = money(
        50,
        bills_on=bills_on,
        shipped=shipped,
        returned=returned,
        left=left,
        billed=billed,
        credited=credited,
        asked=asked,
    )
    assert line.billed - line.credited + line.to_bill == line.billable
    assert 0 <= line.to_ask <= max(line.to_bill, 0)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (None, None),
        ([("orl_1", 4), ("orl_2", 1)], None),
        ([("orl_2", 7)], Conflict),
        ([("orl_2", 1), ("orl_2", 1)], Invalid),
        ([("orl_3", 1)], Invalid),
    ],
)
def test_no_more_is_asked_to_be_billed_than_is_left(
    wanted: list[tuple[str, int]] | None, refusal: Any
) -> None:
    left = {"orl_1": Decimal(4), "orl_2": Decimal(6), "orl_4": Decimal(0)}
    lines = None if wanted is None else [(key, Decimal(many)) for key, many in wanted]
    if refusal is None:
        asked = choose_lines(left, lines, number="SO-1")
        assert asked == (dict(lines) if lines else {"orl_1": 4, "orl_2": 6})
        return
    with pytest.raises(refusal):
        choose_lines(left, lines, number="SO-1")


def test_where_nothing_is_left_nothing_is_asked() -> None:
    with pytest.raises(Conflict, match="is billed"):
        choose_lines({"orl_1": Decimal(0)}, None, number="SO-1")


def test_lines_are_billed_by_themselves_of_what_is_billed_on_order() -> None:
    require_billed_on_order("order", number="SO-1")
    with pytest.raises(Conflict, match="exception"):
        require_billed_on_order("shipment", number="SO-1")
