"""What a line may say: its price, its promise, goods that come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Refusal
from services.sales.order_lines.rules import (
    find_problems,
    freeze,
    net_unit_price,
    require_direction,
    require_promise,
    require_sold,
    why_not_promised,
)

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Counted:
    shipped: Decimal


@dataclass(frozen=True)
class Sold:
    product_id: str = "chair"
    unit_price: int = 2400
    discount_percent: Decimal = Decimal(10)
    tax_percent: Decimal = Decimal(20)
    quantities: Counted = Counted(Decimal(8))


@dataclass(frozen=True)
class Offered:
    product_id: str = "chair"
    sku: str = "CHAIR"
    name: str = "Chair"
    unit_price: int = 9900
    tax_percent: Decimal = Decimal(7)
    currency: str = "EUR"
    is_active: bool = True


def line(quantity: str, **facts: Any) -> dict[str, Any]:
    usual = {"product_id": "chair", "discount_percent": Decimal(0), "promised_on": None}
    return {**usual, "note": None, "returns_line_id": None, "quantity": Decimal(quantity), **facts}


def test_a_line_has_the_price_of_this_moment_or_of_the_sale_it_undoes() -> None:
    new = freeze(line("3", discount_percent=Decimal(50)), Offered(), None)
    assert (new["unit_price"], new["net_unit_price"], new["tax_percent"]) == (9900, 4950, 7)
    assert freeze(line("3", unit_price=100), Offered(), None)["unit_price"] == 100
    back = freeze(line("-3", returns_line_id="orl_1"), Offered(), Sold())
    assert (back["unit_price"], back["net_unit_price"], back["tax_percent"]) == (2400, 2160, 20)
    assert back["quantity"] == -3


@pytest.mark.parametrize(
    ("told", "product", "sold", "fields"),
    [
        (line("3"), Offered(), None, []),
        (line("3"), None, None, ["product_id"]),
        (line("3"), Offered(is_active=False), None, ["product_id"]),
        (line("-3"), Offered(is_active=False), None, []),
        (line("3"), Offered(currency="USD"), None, ["product_id"]),
        (line("3", unit_price=1), Offered(currency="USD"), None, []),
        (line("3", promised_on=date(2026, 3, 1)), Offered(), None, ["promised_on"]),
        (
            line("3", promised_on=date(2026, 3, 1)),
            Offered(is_active=False),
            None,
            ["product_id", "promised_on"],
        ),
        (line("-8", returns_line_id="orl_1"), Offered(currency="USD"), Sold(), []),
        (line("-9", returns_line_id="orl_1"), Offered(), Sold(), ["quantity"]),
        (line("3", returns_line_id="orl_1"), Offered(), Sold(), ["quantity"]),
        (line("-3", returns_line_id="orl_1"), Offered(), None, ["returns_line_id"]),
        (line("-3", returns_line_id="orl_1"), Offered(), Sold("desk"), ["returns_line_id"]),
        (line("-3", returns_line_id="orl_1", unit_price=1), Offered(), Sold(), ["unit_price"]),
    ],
)
def test_what_is_wrong_with_a_line_is_named_by_field(
    told: dict[str, Any], product: Offered | None, sold: Sold | None, fields: list[str]
) -> None:
    problems = find_problems(told, product, sold, currency="EUR", today=TODAY, ordered_on=TODAY)
    assert [field for field, _ in problems] == fields


@pytest.mark.parametrize(("quantity", "code"), [("-8", None), ("-9", "not_sold")])
def test_no_more_comes_back_than_left_the_house(quantity: str, code: str | None) -> None:
    told = line(quantity, returns_line_id="orl_1")
    assert refused(require_sold, Sold(), told, product_id="chair") == code


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
    ("day", "code"),
    [(None, None), (1, "promised_in_past"), (2, None), (3, None)],
)
def test_no_day_that_is_over_is_promised(day: int | None, code: str | None) -> None:
    promised_on = None if day is None else date(2026, 3, day)
    assert refused(require_promise, promised_on, today=TODAY) == code


@pytest.mark.parametrize(
    ("day", "first", "says"),
    [
        (None, 2, None),
        (2, 2, None),
        (1, 2, "2026-03-01 is over; promise 2026-03-02 or a later day, or leave it out."),
        (1, 1, None),
        (
            *(27, 28),
            "2026-02-27 is before ordered_on, 2026-02-28; promise 2026-02-28 or a later day, or leave it "
            "out.",
        ),
    ],
)
def test_the_sentence_names_the_day_that_counts(
    day: int | None, first: int, says: str | None
) -> None:
    def of(number: int) -> date:
        return date(2026, 3 if number < 20 else 2, number)

    promised_on = None if day is None else of(day)
    assert why_not_promised(promised_on, today=TODAY, first=of(first)) == says


@pytest.mark.parametrize(
    ("was", "quantity", "code"),
    [
        ("1", "2", None),
        ("-1", "-2", None),
        ("1", "-1", "other_direction"),
        ("-1", "1", "other_direction"),
    ],
)
def test_goods_that_go_out_stay_so(was: str, quantity: str, code: str | None) -> None:
    assert refused(require_direction, Decimal(quantity), was=Decimal(was)) == code


def refused(require: Callable[..., None], *values: Any, **options: Any) -> str | None:
    """The code of the refusal; none where there is none."""
    try:
        require(*values, **options)
    except Refusal as refusal:
        return refusal.code
    return None
