"""What of an order is ordered again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.sales.order_copies.rules import order_again

ONE = Decimal(1)


@dataclass(frozen=True)
class Line:
    product_id: str
    ordered: Decimal = ONE
    unit_price: int = 500
    discount_percent: Decimal = Decimal(10)
    note: str | None = None

    @property
    def sku(self) -> str:
        return self.product_id.upper()

    @property
    def is_return_line(self) -> bool:
        return self.ordered < 0


@dataclass(frozen=True)
class Product:
    is_active: bool = True
    currency: str = "EUR"


PRODUCTS = {
    "chair": Product(),
    "desk": Product(),
    "lamp": Product(is_active=False),
    "rug": Product(is_active=False),
    "mug": Product(currency="USD"),
}


def again(*lines: Line, leaves_out: bool = False) -> tuple[list[str], list[str]]:
    """The products ordered again, and the codes of the warnings."""
    found = order_again(
        lines, PRODUCTS, number="SO-1", currency="EUR", leaves_out_retired=leaves_out
    )
    names = [line["product_id"] for line in found.lines]
    return names, [warning["code"] for warning in found.warnings]


def test_a_line_is_ordered_again_at_the_price_of_today_with_the_discount_of_then() -> None:
    line = Line("chair", Decimal("2.5"), note="Blue.")
    [copied] = order_again(
        [line], PRODUCTS, number="SO-1", currency="EUR", leaves_out_retired=False
    ).lines
    assert copied == {
        "product_id": "chair",
        "quantity": Decimal("2.5"),
        "discount_percent": Decimal(10),
        "promised_on": None,
        "note": "Blue.",
        "returns_line_id": None,
    }


def test_what_is_priced_in_another_currency_keeps_the_price_agreed_by_hand() -> None:
    found = order_again(
        [Line("mug")], PRODUCTS, number="SO-1", currency="EUR", leaves_out_retired=False
    )
    assert found.lines[0]["unit_price"] == 500
    assert [(one["code"], "MUG" in one["detail"]) for one in found.warnings] == [
        ("price_kept", True)
    ]


@pytest.mark.parametrize(
    ("lines", "leaves_out", "names", "codes"),
    [
        ([Line("chair"), Line("desk")], False, ["chair", "desk"], []),
        ([Line("chair"), Line("chair", -ONE)], False, ["chair"], []),
        ([Line("chair"), Line("lamp", -ONE)], False, ["chair"], []),
        ([Line("chair"), Line("lamp")], True, ["chair"], ["product_retired"]),
    ],
)
def test_what_came_back_is_left_out_and_what_is_retired_where_wanted(
    lines: list[Line], names: list[str], codes: list[str], *, leaves_out: bool
) -> None:
    assert again(*lines, leaves_out=leaves_out) == (names, codes)


@pytest.mark.parametrize(
    ("lines", "leaves_out", "code"),
    [
        ([Line("chair"), Line("lamp")], False, "product_retired"),
        ([Line("lamp")], True, "nothing_to_copy"),
        ([Line("chair", -ONE)], False, "nothing_to_copy"),
    ],
)
def test_what_cannot_be_ordered_again_is_refused(
    lines: list[Line], code: str, *, leaves_out: bool
) -> None:
    with pytest.raises(Conflict) as refused:
        again(*lines, leaves_out=leaves_out)
    assert refused.value.code == code


def test_retired_products_are_named() -> None:
    with pytest.raises(Conflict, match="LAMP and RUG: taken off sale"):
        again(Line("rug"), Line("lamp"), Line("lamp"))
