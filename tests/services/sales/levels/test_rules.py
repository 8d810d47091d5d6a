"""What moves make of a level, and what is on hand costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.sales.levels.rules import Level, plain


def level(on_hand: str = "0", **facts: Any) -> Level:
    return Level("prd_1", "TEA", "piece", "EUR", Decimal(on_hand), **facts)


# quantity, what one of it has cost; then what it is worth, on hand, value and average cost in all
BOOK = [
    ("10", 500, 5000, "10", 5000, "500"),
    ("-4", None, -2000, "6", 3000, "500"),
    ("4", 650, 2600, "10", 5600, "560"),
    ("-3", None, -1680, "7", 3920, "560"),
    ("1", None, 560, "8", 4480, "560"),  # comes back at the average
    ("-8", None, -4480, "0", 0, "560"),
    ("2", None, 1120, "2", 1120, "560"),  # and so when nothing was there
    ("1", 100, 100, "3", 1220, "406.666666667"),
    ("-1", None, -407, "2", 813, "406.666666667"),
    ("-1", None, -406, "1", 407, "406.666666667"),
    ("-1", None, -407, "0", 0, "406.666666667"),
]


def test_what_comes_in_changes_the_average_and_what_goes_out_leaves_it() -> None:
    tea = level()
    for count, (quantity, cost, worth, on_hand, value, average) in enumerate(BOOK, start=1):
        assert tea.move(Decimal(quantity), cost) == worth, quantity
        assert (plain(tea.on_hand), tea.value, tea.version) == (on_hand, value, count)
        assert tea.average_cost == Decimal(average)


def test_the_first_cost_that_is_known_is_that_of_what_came_before_it() -> None:
    tea = level()
    assert (tea.move(Decimal(10)), tea.average_cost, tea.value) == (0, None, 0)
    assert (tea.move(Decimal(5), 300), tea.average_cost, tea.value) == (4500, 300, 4500)


quantities = st.decimals("0.001", "100000", places=3)


@given(
    st.lists(st.tuples(quantities, st.none() | st.integers(0, 10**7), st.booleans()), max_size=40)
)
def test_the_value_is_quantity_times_cost_and_what_moves_are_worth_adds_up(
    moves: list[tuple[Decimal, int | None, bool]],
) -> None:
    tea, worth = level(), 0
    for quantity, cost, goes_out in moves:
        move = -min(quantity, tea.on_hand) if goes_out else quantity
        if move:
            worth += tea.move(move, cost if move > 0 else None)
        exact = tea.on_hand * (tea.average_cost or 0)
        assert abs(tea.value - exact) <= Decimal("0.5")
        assert tea.value == worth
        assert tea.on_hand or not tea.value


@given(st.lists(st.tuples(quantities, st.integers(0, 10**7)), min_size=1, max_size=20))
def test_what_was_received_is_worth_what_it_has_cost(receipts: list[tuple[Decimal, int]]) -> None:
    tea = level()
    for quantity, cost in receipts:
        tea.move(quantity, cost)
    exact = sum((quantity * cost for quantity, cost in receipts), Decimal(0))
    assert abs(Decimal(tea.value) - exact) <= len(receipts)


@pytest.mark.parametrize(
    ("on_hand", "reserved", "out", "is_counted", "is_refused"),
    [
        ("5", "0", "5", False, False),
        ("5", "0", "5.001", False, True),
        ("5", "3", "2", False, False),
        ("5", "3", "3", False, True),
        ("5", "3", "5", True, False),
        ("5", "3", "6", True, True),
        ("0", "0", "-7", False, False),
    ],
)
def test_no_more_goes_out_than_nobody_has_reserved(
    on_hand: str, reserved: str, out: str, is_counted: bool, is_refused: bool
) -> None:
    tea = level(on_hand, reserved=Decimal(reserved))
    if not is_refused:
        tea.require_out(Decimal(out), is_counted=is_counted)
        return
    with pytest.raises(Conflict) as refused:
        tea.require_out(Decimal(out), is_counted=is_counted)
    assert refused.value.code == "out_of_stock"
    assert refused.value.facts["on_hand"] == on_hand
    assert refused.value.facts["available"] == plain(Decimal(on_hand) - Decimal(reserved))


@pytest.mark.parametrize(("quantity", "cost"), [("2", 1), ("1", 10**15)])
def test_what_no_sum_can_hold_is_refused(quantity: str, cost: int) -> None:
    with pytest.raises(Invalid) as refused:
        level("999999999").move(Decimal(quantity), cost)
    assert refused.value.code == "stock_too_large"


def test_what_is_short_is_said_in_a_sentence_whatever_the_numbers() -> None:
    tea = level("1", reserved=Decimal(1))
    with pytest.raises(Conflict) as refused:
        tea.require_out(Decimal("0.5"))
    assert refused.value.detail == (
        "1 of TEA on hand less 1 reserved for others leaves 0 to go, not 0.5. Send fewer, receive more, "
        "or release what is reserved."
    )
