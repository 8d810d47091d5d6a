"""Set reorder levels, and take them away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from services.sales.counts.rules import Onlooker
from services.sales.products.models import Product
from services.sales.reorders import queries, rules
from services.sales.reorders.models import ReorderLevel
from services.sales.stock_moves.rules import require_stocked


def set_reorder_level(
    session: Session,
    *,
    product_id: str,
    reorder_at: Decimal,
    order_quantity: Decimal | None,
    onlooker: Onlooker,
    today: date,
) -> dict[str, Any]:
    """Say when a product is to be ordered anew. Refused where it is not kept in stock."""
    require_stocked(fetch_for_change(session, Product, product_id))
    levels = fetch_all_for_change(session, ReorderLevel, [product_id])
    level = levels[0] if levels else ReorderLevel(product_id=product_id)
    level.reorder_at, level.order_quantity = reorder_at, order_quantity
    session.add(level)
    session.flush()
    return queries.get_reorder_level(session, product_id=product_id, onlooker=onlooker, today=today)


def remove_reorder_level(session: Session, *, product_id: str) -> None:
    """Let nobody be told any more when a product is to be ordered anew."""
    fetch(session, Product, product_id)
    levels = fetch_all_for_change(session, ReorderLevel, [product_id])
    if not levels:
        raise rules.reorder_level_not_found(product_id)
    session.delete(levels[0])
    session.flush()
