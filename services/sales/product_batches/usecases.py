"""Offer many products at once, each once for its sku."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import tell_refusal
from kernel.refusals import Refusal
from services.sales.products.usecases import Offered, offer_products

Row = Mapping[str, Any]


def offer_batch(session: Session, *, products: Sequence[Row | Refusal]) -> dict[str, Any]:
    """Offer or find products; the refused ones are reported with their place and the reason, and do not
    keep the others from being offered."""
    offered = offer_products(session, products)
    results = [{"index": index, **_report(one)} for index, one in enumerate(offered)]
    counts = Counter(one.get("is_new") for one in results)
    return {
        "offered": counts[True],
        "found": counts[False],
        "refused": counts[None],
        "results": results,
    }


def _report(one: Offered | Refusal) -> dict[str, Any]:
    if isinstance(one, Refusal):
        return tell_refusal(one)
    names = ("product_id", "sku", "is_active")
    return {name: getattr(one.product, name) for name in names} | {"is_new": one.is_new}
