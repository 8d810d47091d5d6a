"""Which products can be put on an order, and how products are found."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.refusals import Conflict
from kernel.text import fold

PIECE = "piece"
"""What one of a product is called where nobody says otherwise."""


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


def require_stays_stocked(sku: str, *, was: bool, now: bool) -> None:
    """Refuse (`product_stocked`) to forget what is on hand of a product."""
    if was and not now:
        raise Conflict(
            "product_stocked",
            f"Product {sku} is kept in stock, and what moved of it stays written; "
            "retire it, and offer another that is not.",
            field="is_stocked",
        )


def require_active(products: Iterable[tuple[str, bool]]) -> None:
    """Refuse (`product_retired`) to sell what was taken off sale; `products` are (sku, is active)."""
    retired = sorted(sku for sku, is_active in products if not is_active)
    if retired:
        raise Conflict(
            "product_retired",
            f"{' and '.join(retired)}: taken off sale since the order was drafted. "
            "Reinstate it, or take its lines off the order.",
            skus=retired,
        )
