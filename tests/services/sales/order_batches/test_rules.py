"""What can be shipped of an order as it is taken."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pytest

from kernel.refusals import Conflict, Invalid
from services.sales.goods.rules import Short
from services.sales.order_batches.rules import count_lines, out_of_stock, require_shippable


class Line(NamedTuple):
    is_return_line: bool
    net_unit_price: int


SOLD, BACK, FREE = Line(False, 500), Line(True, 500), Line(False, 0)


def test_all_that_goes_out_is_shipped() -> None:
    assert require_shippable([SOLD, BACK, FREE], ships_on="order") == [SOLD, FREE]
    assert require_shippable([FREE], ships_on="payment") == [FREE]


@pytest.mark.parametrize(
    ("lines", "ships_on", "code"),
    [([BACK], "order", "nothing_to_send"), ([FREE, SOLD], "payment", "not_paid")],
)
def test_what_cannot_leave_is_refused(lines: list[Line], ships_on: str, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        require_shippable(lines, ships_on=ships_on)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "ships")


def test_what_is_short_is_told_by_the_place_of_its_line() -> None:
    short = out_of_stock(Short("orl_1", Decimal("5.000"), Decimal(3)), sku="TEA", place=2)
    assert short.detail.startswith("The order wants 5 of TEA, and no more than 3 can be had.")
    assert short.errors[0]["field"] == "lines/2/quantity"


def test_lines_of_what_cannot_be_read_do_not_count() -> None:
    assert count_lines([{"lines": [1, 2]}, Invalid("x", "y"), {"lines": [3]}]) == 3
