"""The ways into products."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.products import queries, schemas, usecases


class Products:
    """What is sold."""

    @command(
        "POST /v1/products",
        schemas.NewProduct,
        returns=schemas.Product,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def create_product(self, session, **values):
        """Offer a new product.

        Refused with `sku_taken` where another product, retired or not, has the sku."""
        return usecases.create_product(session, **values)

    @command(
        "PATCH /v1/products/{product_id}",
        schemas.EditProduct,
        returns=schemas.Product,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def edit_product(self, session, **values):
        """Change a product's name, price or tax, or how it is stocked.

        Orders that exist, drafts too, keep the price and tax they were made with. What is kept in stock
        stays so (`product_stocked`)."""
        return usecases.edit_product(session, **values)

    @command(
        "POST /v1/products/{product_id}/retire",
        schemas.ProductPath,
        returns=schemas.Product,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def retire_product(self, session, **values):
        """Take a product off sale: no new order lines, and drafts that have it are not confirmed. What is
        agreed stays."""
        return usecases.retire_product(session, **values)

    @command(
        "POST /v1/products/{product_id}/reinstate",
        schemas.ProductPath,
        returns=schemas.Product,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def reinstate_product(self, session, **values):
        """Put a retired product on sale again."""
        return usecases.reinstate_product(session, **values)

    @query(
        "GET /v1/products/{product_id}",
        schemas.ProductPath,
        returns=schemas.Product,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_product(self, session, **values):
        """Read one product, on sale or retired."""
        return queries.get_product(session, **values)

    @query(
        "GET /v1/products",
        schemas.ProductQuery,
        returns=page_of(schemas.Product),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_products(self, session, **values):
        """List products by sku, optionally those whose sku or name contains some text, however it is
        spelt."""
        return queries.list_products(session, **values)
