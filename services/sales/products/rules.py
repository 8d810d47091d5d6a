"""Which products can be put on an order, and how products are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kernel.refusals import Conflict
from kernel.text import fold

PIECE = "piece"
"""What one of a product is called where nobody says otherwise."""

UNSAID: Mapping[str, Any] = {"is_stocked": False, "unit": PIECE, "pack_size": Decimal(1)}
"""How a new product is stocked where nobody says otherwise."""


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


def taken(sku: str) -> Conflict:
    """That a product has this sku already."""
    return Conflict(
        "sku_taken",
        f"There is a product {sku} already; edit or reinstate it, or choose another sku.",
        field="sku",
    )


def require_same(sku: str, *, there: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Refuse (`sku_taken`) a product that is there already and says otherwise than `said`; each field in
    which it does is named."""
    other = [name for name, value in said.items() if there[name] != value]
    if not other:
        return
    says = " and ".join(f"{name} {_shown(there[name])}" for name in other)
    refusal = Conflict(
        "sku_taken",
        f"There is a product {sku} already, with {says}; say the same, edit that one, or choose another "
        "sku.",
    )
    refusal.errors = [
        {"field": name, "detail": f"It is {_shown(there[name])} there."} for name in other
    ]
    raise refusal


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


def _shown(value: Any) -> str:
    """A value as it was sent."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
