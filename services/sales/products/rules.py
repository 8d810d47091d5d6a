"""Which products can be put on an order, and how products are found."""

from __future__ import annotations

from kernel.text import fold


def search_key(*, sku: str, name: str) -> str:
    """In what a product is looked for: its sku and name, however they are spelt."""
    return fold(f"{sku} {name}")


def why_not_orderable(
    *, sku: str, is_active: bool, price_currency: str, currency: str, is_priced_by_hand: bool
) -> str | None:
    """The sentence that says why a product cannot go on an order in `currency`; none if it can."""
    if not is_active:
        return f"Product {sku} is retired; choose another or reinstate it."
    if price_currency != currency and not is_priced_by_hand:
        return (
            f"Product {sku} is priced in {price_currency} and the order is in {currency}; "
            "give the line a unit_price."
        )
    return None
