"""Which products can be put on an order and sold, and in what they are looked for."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict
from services.sales.products.rules import require_active, search_key, why_not_orderable


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
