"""What products take in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from services.sales.products.schemas import NewProduct, Percent

CHAIR = {
    "sku": "CHAIR-01",
    "name": "Chair",
    "unit_price": 1000,
    "currency": "EUR",
    "tax_percent": "19.00",
}


@pytest.mark.parametrize(
    ("text", "percent"),
    [("19.00", "19"), ("0", "0"), ("7.5", "7.5"), ("100", "100"), (19, "19"), ("0.01", "0.01")],
)
def test_a_percentage_is_text_with_up_to_two_decimals(text: Any, percent: str) -> None:
    assert Percent().deserialize(text) == Decimal(percent)


@pytest.mark.parametrize(
    "text", ["100.01", "-1", "19.0001", 19.5, True, "nan", "much", "", "1e999999"]
)
def test_no_other_percentage_is_taken(text: Any) -> None:
    with pytest.raises(ValidationError):
        Percent().deserialize(text)


@pytest.mark.parametrize("percent", ["19", "19.00", "7.5", "0"])
def test_a_percentage_goes_out_with_two_decimals(percent: str) -> None:
    assert NewProduct().dump(CHAIR | {"tax_percent": Decimal(percent)})["tax_percent"] == (
        f"{Decimal(percent):.2f}"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sku", "CHAIR 01"),
        ("sku", "-chair"),
        ("sku", "x" * 65),
        ("name", "  "),
        ("unit_price", -1),
        ("unit_price", 12.5),
        ("unit_price", "1000"),
        ("currency", "EURO"),
        ("colour", "red"),
    ],
)
def test_a_product_that_breaks_a_rule_is_refused_by_field(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        NewProduct().load(CHAIR | {name: value})
    assert list(refused.value.messages_dict) == [name]
