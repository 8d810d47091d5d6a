"""Reading reorder levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.counts.queries import find_hidden
from services.sales.counts.rules import Onlooker
from services.sales.levels.models import StockLevel
from services.sales.products.models import Product
from services.sales.reorders.models import ReorderLevel
from services.sales.stock.queries import read_coming

_AVAILABLE = func.coalesce(StockLevel.on_hand - StockLevel.reserved, 0)
_LEVELS: Select[*tuple[Any, ...]] = (
    select(
        Product.product_id,
        Product.sku,
        Product.name,
        Product.unit,
        ReorderLevel.reorder_at,
        ReorderLevel.order_quantity,
        ReorderLevel.version,
        _AVAILABLE.label("available"),
    )
    .join(ReorderLevel, ReorderLevel.product_id == Product.product_id)
    .outerjoin(StockLevel, StockLevel.product_id == Product.product_id)
)


def list_reorder_levels(
    session: Session,
    *,
    is_reached: bool | None,
    onlooker: Onlooker,
    today: date,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of reorder levels by sku, optionally only of products that have come to theirs, or not."""
    statement = _LEVELS
    if is_reached is not None:
        has_reached = ReorderLevel.reorder_at >= _AVAILABLE
        statement = statement.where(has_reached if is_reached else ~has_reached)
    page = read_page(session, statement, by=[Product.sku], limit=limit, after=after)
    return page | {"items": _tell(session, page["items"], onlooker, today=today)}


def get_reorder_level(
    session: Session, *, product_id: str, onlooker: Onlooker, today: date
) -> dict[str, Any]:
    """The reorder level of one product, which has one."""
    row = session.execute(_LEVELS.where(Product.product_id == product_id)).one()
    return _tell(session, [row], onlooker, today=today)[0]


def _tell(
    session: Session, rows: Sequence[Any], onlooker: Onlooker, *, today: date
) -> list[dict[str, Any]]:
    product_ids = [row.product_id for row in rows]
    coming = read_coming(session, from_on=today, product_ids=product_ids)
    hidden = find_hidden(session, product_ids=product_ids, onlooker=onlooker)
    return [
        {
            **row._mapping,
            "is_reached": row.available <= row.reorder_at,
            "coming": coming.get(row.product_id, Decimal(0)),
            **({"available": None} if row.product_id in hidden else {}),
        }
        for row in rows
    ]
