"""Reading levels."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.levels.models import StockLevel
from services.sales.products.models import Product


def find_stocked(session: Session, *, product_ids: Collection[str]) -> list[str]:
    """Which of these products are kept in stock, in the order of their ids."""
    stocked = select(Product.product_id).where(
        Product.product_id.in_(sorted(product_ids)), Product.is_stocked
    )
    return sorted(session.scalars(stocked))


def find_levels(session: Session, *, product_ids: Collection[str]) -> dict[str, StockLevel]:
    """The levels of these products, by product; of those that never moved there is none."""
    levels = session.scalars(
        select(StockLevel)
        .where(StockLevel.product_id.in_(sorted(product_ids)))
        .execution_options(populate_existing=True)
    )
    return {level.product_id: level for level in levels}
