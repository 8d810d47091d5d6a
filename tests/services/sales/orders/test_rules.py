"""Quantities, statuses, prices and totals of orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid, Refusal
from services.sales.orders.rules import (
    LINES_MAX,
    MOVES,
    Action,
    OrderStatus,
    Part,
    Quantities,
    line_net,
    require_line_count,
    require_move,
    require_order_number,
    require_settlement,
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
    """ "5/2/1" is 5 ordered, 2 shipped, 1 cancelled; "-2/0/0/1" 2 that come back, of which 1 has."""
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
        (False, ["-2/0/0"], DRAFT),
        (False, ["-2/0/-2"], CANCELLED),
        (True, ["-2/0/0"], CONFIRMED),
        (True, ["5/0/0", "-2/0/0"], CONFIRMED),
        (True, ["5/5/0", "-2/0/0"], PROCESSING),
        (True, ["5/0/0", "-2/0/0/2"], PROCESSING),
        (True, ["-2/0/0/1"], PROCESSING),
        (True, ["5/5/0", "-2/0/0/2"], DONE),
        (True, ["5/5/0", "-2/0/-1/1"], DONE),
        (True, ["5/0/5", "-2/0/-2"], CANCELLED),
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
        (Action.OVERRIDE, {DRAFT}),
        (Action.CONFIRM, {DRAFT}),
        (Action.SHIP, {CONFIRMED, PROCESSING}),
        (Action.TAKE_BACK, {CONFIRMED, PROCESSING}),
        (Action.AMEND, {CONFIRMED, PROCESSING}),
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
    ("line", "open_", "room", "is_enough"),
    [
        ("40/0/0", 40, 42, False),
        ("40/37/0", 3, 5, False),
        ("40/38/0", 2, 4, True),
        ("40/40/0", 0, 0, True),
        ("40/42/0", 0, 0, True),
        ("40/0/20", 20, 21, False),
        ("40/18/20", 2, 3, False),
        ("40/19/20", 1, 2, True),
        ("40/20/20", 0, 0, True),
        ("40/21/20", 0, 0, True),
        ("40/0/40", 0, 0, False),
    ],
)
def test_tolerated_is_a_part_of_what_is_ordered_and_not_cancelled(
    line: str, open_: int, room: int, *, is_enough: bool
) -> None:
    """From 0.95 of it on a line is complete, up to 1.05 may leave; of what is complete nothing more."""
    found = quantities(line)
    assert (found.open, found.room(Decimal("1.05"))) == (open_, room)
    assert found.is_enough(Decimal("0.95")) is is_enough


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


@given(ordered=AMOUNTS, steps=st.lists(st.one_of(AMOUNTS, st.none()), max_size=10))
def test_what_came_back_is_cancelled_and_open_is_always_what_was_ordered_back(
    ordered: Decimal, steps: list[Decimal | None]
) -> None:
    line = Quantities(-ordered)
    for step in steps:
        if step is None:
            line = line.cancel_open()
        elif step <= -line.open:
            line = line.take_back(step)
        else:
            with pytest.raises(AssertionError):
                line.take_back(step)
        assert line.cancelled + line.open - line.returned == line.ordered == -ordered
        assert line.open <= 0
        assert line.to_ship == line.shipped == 0
    with pytest.raises(AssertionError):
        line.ship(Decimal(1))


def test_amounts_of_goods_that_come_back_are_rounded_as_those_that_go_out() -> None:
    assert [line_net(Decimal(quantity), 333) for quantity in ("2.5", "-2.5")] == [833, -833]
    assert totals([Part(Decimal(-1), 10**4, Decimal(19))]).gross == -11900
    kept = [Part(Decimal(5), 1000, Decimal(19)), Part(Decimal(-2), 1000, Decimal(19))]
    assert (totals(kept).net, totals(kept).tax) == (3000, 570)


@pytest.mark.parametrize(
    ("bills_on", "ships_on", "deposit", "code"),
    [
        ("shipment", "order", None, None),
        ("shipment", "order", "100", None),
        ("order", "order", None, None),
        ("order", "payment", None, None),
        ("shipment", "payment", None, "never_billed"),
        ("shipment", "payment", "25", "never_billed"),
        ("shipment", "order", "0", "deposit_nothing"),
        ("order", "order", "25", "deposit_and_order_billed"),
    ],
)
def test_an_order_can_be_billed_and_shipped_and_nothing_of_it_twice(
    bills_on: str, ships_on: str, deposit: str | None, code: str | None
) -> None:
    percent = None if deposit is None else Decimal(deposit)
    refusal = refused(
        require_settlement, bills_on=bills_on, ships_on=ships_on, deposit_percent=percent
    )
    assert refusal == code


@pytest.mark.parametrize(
    ("reference", "is_required", "code"),
    [
        (None, False, None),
        (None, True, "purchase_order_missing"),
        ("PO-7", True, None),
        ("", True, "purchase_order_missing"),
    ],
)
def test_a_client_may_demand_a_number_of_its_own(
    reference: str | None, code: str | None, *, is_required: bool
) -> None:
    refusal = refused(
        require_order_number, reference, is_required=is_required, account_number="A-1"
    )
    assert refusal == code


def refused(require: Callable[..., None], *values: Any, **options: Any) -> str | None:
    """The code of the refusal; none where there is none."""
    try:
        require(*values, **options)
    except Refusal as refusal:
        return refusal.code
    return None
