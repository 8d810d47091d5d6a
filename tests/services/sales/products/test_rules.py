"""Which products can be put on an order."""

from __future__ import annotations

import pytest

from services.sales.products.rules import why_not_orderable


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
