"""Quantities, statuses, prices and totals of orders."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.sales.orders.rules import (
    LINES_MAX,
    MOVES,
    Action,
    OrderStatus,
    Part,
    Quantities,
    line_net,
    net_unit_price,
    require_line_count,
    require_move,
    status_of,
    totals,
)

DRAFT, CONFIRMED, PROCESSING, DONE, CANCELLED = OrderStatus
AMOUNTS = st.decimals("0.001", "1000", places=3)
PARTS = st.builds(
    Part,
    quantity=AMOUNTS,
    unit_price=st.integers(0, 10**7),
    tax_percent=st.sampled_from(
        [Decimal("0.00"), Decimal("7.00"), Decimal("19.00"), Decimal("5.5")]
    ),
)


def quantities(text: str) -> Quantities:
    """ "5/2/1" is 5 ordered, 2 shipped, 1 cancelled."""
    return Quantities(*map(Decimal, text.split("/")))


@pytest.mark.parametrize(
    ("is_confirmed", "lines", "status"),
    [
        (False, ["5/0/0"], DRAFT),
        (False, ["5/0/5", "1/0/1"], CANCELLED),
        (True, ["5/0/0", "1/0/0"], CONFIRMED),
        (True, ["5/2/0"], PROCESSING),
        (True, ["5/5/0", "1/0/0"], PROCESSING),
        (True, ["5/0.001/0"], PROCESSING),
        (True, ["5/4.999/0"], PROCESSING),
        (True, ["5/5/0", "1/1/0"], DONE),
        (True, ["5/2/3"], DONE),
        (True, ["5/5/0", "1/0/1"], DONE),
        (True, ["5/0/5", "1/0/1"], CANCELLED),
    ],
)
def test_the_status_follows_from_the_quantities(
    lines: list[str], status: OrderStatus, *, is_confirmed: bool
) -> None:
    assert status_of([quantities(line) for line in lines], is_confirmed=is_confirmed) == status


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        (Action.CHANGE, {DRAFT}),
        (Action.CONFIRM, {DRAFT}),
        (Action.SHIP, {CONFIRMED, PROCESSING}),
        (Action.CANCEL, {DRAFT, CONFIRMED, PROCESSING}),
    ],
)
def test_what_a_status_does_not_allow_is_refused(action: Action, allowed: set[OrderStatus]) -> None:
    for status in OrderStatus:
        if status in allowed:
            require_move(action, status=status, number="SO-1")
        else:
            with pytest.raises(Conflict, match="SO-1") as refused:
                require_move(action, status=status, number="SO-1")
            assert refused.value.code == f"order_{status}"


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5), st.booleans())
def test_the_table_of_moves_is_what_the_quantities_say(
    lines: list[tuple[Decimal, Decimal]], is_confirmed: bool
) -> None:
    ordered = [
        Quantities(whole, shipped=min(sent, whole) if is_confirmed else Decimal(0))
        for whole, sent in lines
    ]
    before = status_of(ordered, is_confirmed=is_confirmed)
    after = status_of([line.cancel_open() for line in ordered], is_confirmed=is_confirmed)
    if Action.CANCEL in MOVES[before]:
        assert after == MOVES[before][Action.CANCEL]
    if Action.CONFIRM in MOVES[before]:
        assert status_of(ordered, is_confirmed=True) == MOVES[before][Action.CONFIRM]
    assert MOVES.keys() == set(OrderStatus)


@given(ordered=AMOUNTS, steps=st.lists(st.one_of(AMOUNTS, st.none()), max_size=10))
def test_shipped_cancelled_and_open_are_always_what_was_ordered(
    ordered: Decimal, steps: list[Decimal | None]
) -> None:
    line = Quantities(ordered)
    for step in steps:
        before = line
        if step is None:
            line = line.cancel_open()
        elif step <= line.open:
            line = line.ship(step)
        else:
            with pytest.raises(AssertionError):
                line.ship(step)
        assert line.shipped + line.cancelled + line.open == line.ordered == ordered
        assert line.open >= 0
        assert line.shipped >= before.shipped
        assert line.cancelled >= before.cancelled


@pytest.mark.parametrize(
    ("unit_price", "discount", "net"),
    [
        (1000, "0", 1000),
        (1000, "10", 900),
        (999, "50", 500),  # 499.5
        (1, "50", 1),  # 0.5
        (1, "50.01", 0),
        (333, "33.33", 222),  # 222.0111
        (1000, "100", 0),
    ],
)
def test_the_discounted_unit_price_is_rounded_half_up(
    unit_price: int, discount: str, net: int
) -> None:
    assert net_unit_price(unit_price, Decimal(discount)) == net


@pytest.mark.parametrize(
    ("quantity", "unit_price", "net"),
    [("3", 1000, 3000), ("0.5", 1, 1), ("0.499", 1, 0), ("2.5", 333, 833), ("0.001", 499, 0)],
)
def test_a_lines_net_amount_is_rounded_half_up(quantity: str, unit_price: int, net: int) -> None:
    assert line_net(Decimal(quantity), unit_price) == net


@pytest.mark.parametrize(
    ("parts", "net", "tax"),
    [
        ([("1", 10000, "19.00")], 10000, 1900),
        # per line the tax would be 0 + 0 + 0; per rate it is 0.57, rounded to 1
        ([("1", 1, "19.00")] * 3, 3, 1),
        ([("1", 10000, "19.00"), ("2", 5000, "7.00")], 20000, 2600),
        ([("1", 10000, "0.00")], 10000, 0),
        ([("1", 10000, "5.5"), ("1", 10000, "5.50")], 20000, 1100),
        ([], 0, 0),
    ],
)
def test_tax_is_rounded_once_per_rate(
    parts: list[tuple[str, int, str]], net: int, tax: int
) -> None:
    total = totals(Part(Decimal(q), price, Decimal(rate)) for q, price, rate in parts)
    assert (total.net, total.tax, total.gross) == (net, tax, net + tax)


@given(st.lists(PARTS, max_size=20))
def test_totals_are_the_sums_of_the_lines(parts: list[Part]) -> None:
    total = totals(parts)
    rates = {part.tax_percent for part in parts}
    assert total.net == sum(line_net(part.quantity, part.unit_price) for part in parts)
    exact = sum(
        Fraction(line_net(part.quantity, part.unit_price)) * Fraction(part.tax_percent) / 100
        for part in parts
    )
    assert abs(total.tax - exact) <= Fraction(len(rates), 2)
    assert totals(reversed(parts)) == total


@pytest.mark.parametrize("quantity", ["1000000000", "2"])
def test_a_total_that_sums_could_overflow_on_is_refused(quantity: str) -> None:
    with pytest.raises(Invalid, match="at most"):
        totals([Part(Decimal(quantity), 10**15, Decimal("19.00"))])


@pytest.mark.parametrize(("count", "code"), [(0, "last_line"), (LINES_MAX + 1, "too_many_lines")])
def test_an_order_has_at_least_one_line_and_not_too_many(count: int, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        require_line_count(count, number="SO-1")
    assert refused.value.code == code
