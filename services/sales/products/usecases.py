"""What can be done with products."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.products.models import Product
from services.sales.products.rules import require_active, require_stays_stocked, search_key


def create_product(
    session: Session,
    *,
    sku: str,
    name: str,
    unit_price: int,
    currency: str,
    tax_percent: Decimal,
    is_stocked: bool,
    unit: str,
    pack_size: Decimal,
) -> Product:
    """Offer a new product. Refused (`sku_taken`) where another has this sku, retired or not."""
    if session.scalar(select(Product.product_id).where(Product.sku == sku)):
        raise Conflict(
            "sku_taken",
            f"There is a product {sku} already; edit or reinstate it, or choose another sku.",
            field="sku",
        )
    product = Product(
        product_id=new_id("prd"),
        sku=sku,
        name=name,
        unit_price=unit_price,
        currency=currency,
        tax_percent=tax_percent,
        is_active=True,
        is_stocked=is_stocked,
        unit=unit,
        pack_size=pack_size,
        search_key=search_key(sku=sku, name=name),
    )
    session.add(product)
    session.flush()
    return product


def edit_product(session: Session, *, product_id: str, **changes: Any) -> Product:
    """Change name, price, tax, or how it is stocked. Orders that exist keep what was agreed."""
    product = fetch_for_change(session, Product, product_id)
    require_stays_stocked(
        product.sku, was=product.is_stocked, now=changes.get("is_stocked", product.is_stocked)
    )
    for name, value in changes.items():
        setattr(product, name, value)
    product.search_key = search_key(sku=product.sku, name=product.name)
    session.flush()
    return product


def retire_product(session: Session, *, product_id: str) -> Product:
    """Take a product off sale."""
    return _switch(session, product_id, is_active=False)


def reinstate_product(session: Session, *, product_id: str) -> Product:
    """Put a retired product on sale again."""
    return _switch(session, product_id, is_active=True)


def require_on_sale(session: Session, *, product_ids: Collection[str]) -> None:
    """Refuse (`product_retired`) what was taken off sale. None of the others is before this transaction
    ends."""
    require_active(lock_on_sale(session, product_ids=product_ids).values())


def lock_on_sale(session: Session, *, product_ids: Collection[str]) -> dict[str, tuple[str, bool]]:
    """The sku of products and whether each is on sale, by id: so it stays until this transaction
    ends."""
    statement = select(Product.product_id, Product.sku, Product.is_active).where(
        Product.product_id.in_(product_ids)
    )
    rows = session.execute(statement.order_by(Product.product_id).with_for_update(read=True))
    return {product_id: (sku, is_active) for product_id, sku, is_active in rows}


def _switch(session: Session, product_id: str, *, is_active: bool) -> Product:
    product = fetch_for_change(session, Product, product_id)
    product.is_active = is_active
    session.flush()
    return product
