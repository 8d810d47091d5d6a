"""Which products can be put on an order and sold, and in what they are looked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.sales.products.rules import (
    require_active,
    require_same,
    search_key,
    why_not_orderable,
)


@pytest.mark.parametrize(
    ("is_active", "price_currency", "is_priced_by_hand", "problem"),
    [
        (True, "EUR", False, None),
        (True, "EUR", True, None),
        (True, "USD", True, None),
        (True, "USD", False, "priced in USD and the order is in EUR"),
        (False, "EUR", False, "retired"),
        (False, "USD", True, "retired"),
    ],
)
def test_a_product_is_orderable_when_on_sale_with_a_price_in_the_orders_currency(
    *, is_active: bool, price_currency: str, is_priced_by_hand: bool, problem: str | None
) -> None:
    sentence = why_not_orderable(
        sku="CHAIR",
        is_active=is_active,
        price_currency=price_currency,
        currency="EUR",
        is_priced_by_hand=is_priced_by_hand,
    )
    assert (sentence is None) if problem is None else (sentence is not None and problem in sentence)


@pytest.mark.parametrize(
    ("products", "says"),
    [
        ([], None),
        ([("CHAIR", True), ("STOOL", True)], None),
        ([("CHAIR", True), ("STOOL", False)], "^STOOL: taken off sale"),
        ([("STOOL", False), ("CHAIR", False)], "^CHAIR and STOOL: taken off sale"),
    ],
)
def test_what_was_taken_off_sale_is_not_sold(
    products: list[tuple[str, bool]], says: str | None
) -> None:
    if says is None:
        require_active(products)
        return
    with pytest.raises(Conflict, match=says) as refused:
        require_active(products)
    assert refused.value.code == "product_retired"


def test_a_product_is_looked_for_in_its_sku_and_name() -> None:
    assert search_key(sku="LAKEN-01", name="Grünes Laken") == "laken 01 grunes laken"


CHAIR = {
    "sku": "CHAIR",
    "name": "Chair",
    "unit_price": 1000,
    "tax_percent": Decimal("19.000"),
    "is_stocked": True,
    "unit": "piece",
}


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({}, {}),
        ({"name": "Chair", "unit_price": 1000, "tax_percent": Decimal(19)}, {}),
        ({"unit_price": 900}, {"unit_price": "It is 1000 there."}),
        ({"is_stocked": False}, {"is_stocked": "It is true there."}),
        (
            {"name": "Stool", "tax_percent": Decimal("7.00"), "unit": "piece"},
            {"name": "It is Chair there.", "tax_percent": "It is 19 there."},
        ),
    ],
)
def test_a_sku_that_is_there_is_the_same_product_unless_something_is_said_otherwise(
    said: dict[str, Any], errors: dict[str, str]
) -> None:
    if not errors:
        require_same("CHAIR", there=CHAIR, said=said)
        return
    with pytest.raises(
        Conflict, match=r"^There is a product CHAIR already, with .*; say"
    ) as refused:
        require_same("CHAIR", there=CHAIR, said=said)
    assert refused.value.code == "sku_taken"
    assert {one["field"]: one["detail"] for one in refused.value.errors} == errors
