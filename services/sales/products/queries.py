"""Reading products."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from kernel.text import fold
from services.sales.products.models import Product


def get_product(session: Session, *, product_id: str) -> Product:
    """One product."""
    return fetch_only(session, Product, product_id)


def list_products(
    session: Session, *, search: str | None, is_active: bool | None, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of products by sku."""
    statement = select(Product)
    if search is not None:
        text = fold(search)
        is_found = Product.search_key.contains(text, autoescape=True)
        statement = statement.where(is_found if text else false())
    if is_active is not None:
        statement = statement.where(Product.is_active == is_active)
    return read_page(session, statement, by=[Product.sku], limit=limit, after=after)


def find_products(
    session: Session, *, product_ids: Collection[str], skus: Collection[str]
) -> dict[tuple[str, str], Product]:
    """The products with these ids or skus, by ("product_id", id) and by ("sku", sku)."""
    named = or_(Product.product_id.in_(product_ids), Product.sku.in_(skus))
    found: dict[tuple[str, str], Product] = {}
    for product in session.scalars(select(Product).where(named)):
        found["product_id", product.product_id] = product
        found["sku", product.sku] = product
    return found
