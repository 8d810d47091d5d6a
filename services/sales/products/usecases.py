"""What can be done with products."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient_to_detached

from chassis.bulk import each_by_itself, insert_rows
from chassis.database import fetch_for_change
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.sales.products.models import Product
from services.sales.products.queries import find_products
from services.sales.products.rules import (
    UNSAID,
    require_active,
    require_same,
    require_stays_stocked,
    search_key,
    taken,
)

Row = Mapping[str, Any]
_COLUMNS = [column.name for column in Product.__table__.columns]


class Offered(NamedTuple):
    """A product, and whether it is offered from now on."""

    product: Product
    is_new: bool


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
    if find_products(session, product_ids=(), skus=[sku]):
        raise taken(sku)
    terms = {
        "sku": sku,
        "name": name,
        "unit_price": unit_price,
        "currency": currency,
        "tax_percent": tax_percent,
        "is_stocked": is_stocked,
        "unit": unit,
        "pack_size": pack_size,
    }
    product = _make(terms)
    _store(session, [product])
    return product


def offer_products(session: Session, rows: Sequence[Row | Refusal]) -> list[Offered | Refusal]:
    """Offer products, each or refused by itself, as if it came after those before it; in a number of
    statements that does not grow with them. One whose sku is there already is found, or refused
    (`sku_taken`) where it says otherwise than that product does; what it leaves out is as it is there."""
    skus = {row["sku"] for row in rows if not isinstance(row, Refusal)}
    there = {one.sku: one for one in find_products(session, product_ids=(), skus=skus).values()}

    def offer(row: Row) -> Offered:
        sku = row["sku"]
        if sku in there:
            require_same(sku, there=_terms(there[sku]), said=row)
            return Offered(there[sku], is_new=False)
        there[sku] = _make({**UNSAID, **row})
        return Offered(there[sku], is_new=True)

    offered = each_by_itself(session, rows, offer)
    _store(session, [one.product for one in offered if isinstance(one, Offered) and one.is_new])
    return offered


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


def _make(terms: Row) -> Product:
    key = search_key(sku=terms["sku"], name=terms["name"])
    return Product(product_id=new_id("prd"), version=1, is_active=True, search_key=key, **terms)


def _store(session: Session, products: Sequence[Product]) -> None:
    """Store new products, in the order of their skus, as everybody does: of two who offer the same at
    once the second waits for the first. From then on the session has them as if it had read them."""
    ordered = sorted(products, key=lambda product: product.sku)
    insert_rows(session, Product, [_terms(product) for product in ordered])
    for product in ordered:
        make_transient_to_detached(product)
    session.add_all(ordered)


def _terms(product: Product) -> dict[str, Any]:
    """What is stored of a product, by column."""
    return {name: getattr(product, name) for name in _COLUMNS}


def _switch(session: Session, product_id: str, *, is_active: bool) -> Product:
    product = fetch_for_change(session, Product, product_id)
    product.is_active = is_active
    session.flush()
    return product
