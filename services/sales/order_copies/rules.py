"""What of an order is ordered again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from kernel.refusals import Conflict

NAMED_MAX = 20  # products in a sentence


class Ordered(Protocol):
    """A line of the order that is copied, as far as it matters here."""

    @property
    def product_id(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def is_return_line(self) -> bool: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def discount_percent(self) -> Decimal: ...
    @property
    def ordered(self) -> Decimal: ...
    @property
    def note(self) -> str | None: ...


class Offered(Protocol):
    """A product as it is today."""

    @property
    def is_active(self) -> bool: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Again:
    """The lines of a copy, and what is to be known of it."""

    lines: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


def order_again(
    lines: Iterable[Ordered],
    products: Mapping[str, Offered],
    *,
    number: str,
    currency: str,
    leaves_out_retired: bool,
) -> Again:
    """The lines to be ordered again, at the products' prices of today with the discounts of then. A
    product priced in another currency than the order keeps the price that was agreed by hand.

    Refused: a copy with retired products, unless they are to be left out (`product_retired`), and one of
    which nothing is left (`nothing_to_copy`)."""
    outgoing = [line for line in lines if not line.is_return_line]
    retired = [line for line in outgoing if not products[line.product_id].is_active]
    if retired and not leaves_out_retired:
        raise Conflict(
            "product_retired",
            f"{_named(retired)}: taken off sale. Reinstate it, or copy order {number} without: set "
            "leaves_out_retired to true.",
            skus=_skus(retired),
        )
    kept = [line for line in outgoing if products[line.product_id].is_active]
    if not kept:
        raise Conflict(
            "nothing_to_copy",
            f"Nothing of order {number} can be ordered again: what came back and what is retired is left "
            "out. Draft a new order.",
        )
    by_hand = [line for line in kept if products[line.product_id].currency != currency]
    return Again(
        [_again(line, is_by_hand=line in by_hand) for line in kept],
        [*_left_out(retired), *_priced_by_hand(by_hand)],
    )


def _again(line: Ordered, *, is_by_hand: bool) -> dict[str, Any]:
    price = {"unit_price": line.unit_price} if is_by_hand else {}
    return {
        **price,
        "product_id": line.product_id,
        "quantity": line.ordered,
        "discount_percent": line.discount_percent,
        "promised_on": None,
        "note": line.note,
        "returns_line_id": None,
    }


def _left_out(retired: Sequence[Ordered]) -> list[dict[str, Any]]:
    if not retired:
        return []
    return [warning("product_retired", f"Left out, as taken off sale: {_named(retired)}.")]


def _priced_by_hand(lines: Sequence[Ordered]) -> list[dict[str, Any]]:
    if not lines:
        return []
    detail = f"At the price of then, as priced in another currency: {_named(lines)}."
    return [warning("price_kept", detail)]


def warning(code: str, detail: str) -> dict[str, Any]:
    """Something to be known of an order."""
    return {"code": code, "detail": detail, "order_id": None, "number": None}


def _skus(lines: Iterable[Ordered]) -> list[str]:
    return sorted({line.sku for line in lines})


def _named(lines: Iterable[Ordered]) -> str:
    skus = _skus(lines)
    more = [f"{len(skus) - NAMED_MAX} more"] if len(skus) > NAMED_MAX else []
    *others, last = [*skus[:NAMED_MAX], *more]
    return f"{', '.join(others)} and {last}" if others else last
