"""What becomes of an order line when something of it leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.fulfilment.rules import Sent, Standing, find_short, send, stand
from services.sales.orders.rules import Part, Quantities
from services.sales.tolerances.rules import Tolerance

TOLERANCE = Tolerance(Decimal("0.95"), Decimal("1.05"))


def sent(quantity: str, planned: str = "0") -> Sent:
    return Sent(Decimal(quantity), Decimal(planned), TOLERANCE)


@pytest.mark.parametrize(
    ("before", "quantity", "planned", "shipped", "cancelled", "open_"),
    [
        ("0", "20", "0", "20", "0", "20"),
        ("20", "18", "0", "38", "2", "0"),
        ("20", "17", "0", "37", "0", "3"),
        ("20", "18", "2", "38", "0", "2"),
        ("20", "18", "1", "38", "1", "1"),
        ("0", "42", "0", "42", "0", "0"),
        ("0", "40", "0", "40", "0", "0"),
    ],
)
def test_what_is_short_within_what_is_tolerated_is_cancelled_unless_it_is_on_its_way(
    before: str, quantity: str, planned: str, shipped: str, cancelled: str, open_: str
) -> None:
    after = send(Quantities(Decimal(40), Decimal(before)), sent(quantity, planned))
    assert after == Quantities(Decimal(40), Decimal(shipped), Decimal(cancelled))
    assert after.open == Decimal(open_)


def test_no_more_leaves_than_is_tolerated() -> None:
    with pytest.raises(AssertionError):
        send(Quantities(Decimal(40)), sent("43"))


def test_what_is_still_open_of_what_left_in_part_is_short() -> None:
    before = {"a": Quantities(Decimal(40)), "b": Quantities(Decimal(1))}
    after = {"a": Quantities(Decimal(40), Decimal(20)), "b": Quantities(Decimal(1), Decimal(1))}
    assert find_short(before, after) == {"a": Decimal(20)}


def test_an_order_stands_as_its_lines_say() -> None:
    lines = [Quantities(Decimal(4), Decimal(1))]
    assert stand(lines, [Part(Decimal(3), 100, Decimal(19))]) == Standing("processing", 357)


@given(
    ordered=st.decimals("0.001", "50", places=3),
    under=st.decimals("0.5", "1", places=3),
    over=st.decimals("1", "2", places=3),
    parts=st.lists(st.decimals("0.001", "60", places=3), max_size=8),
)
def test_whatever_leaves_the_quantities_add_up(
    ordered: Decimal, under: Decimal, over: Decimal, parts: list[Decimal]
) -> None:
    line, tolerance = Quantities(ordered), Tolerance(under, over)
    for part in parts:
        if part <= line.room(over):
            line = send(line, Sent(part, Decimal(0), tolerance))
        above = max(line.shipped + line.cancelled - line.ordered, Decimal(0))
        assert line.open + line.shipped + line.cancelled == line.ordered + above
        assert line.shipped <= ordered * over
        assert above == 0 or line.cancelled == 0
