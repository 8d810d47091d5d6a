"""Products that were there before they were folded are found by any spelling, too."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.orm import Session

from services.sales.products.queries import list_products

pytestmark = pytest.mark.server

revision = importlib.import_module("services.sales.migrations.versions.0003_folded_products")


def test_products_of_before_are_found_by_any_spelling(session: Session, shop: Any) -> None:
    shop.offer(sku="LAKEN-01", name="Grünes Laken")
    shop.offer(sku="CHAIR", name="Seat")
    connection = session.connection()
    with Operations.context(MigrationContext.configure(connection)):
        revision.downgrade()
        revision.upgrade()
    session.expire_all()
    for typed, skus in {"gruen": ["LAKEN-01"], "laken-0": ["LAKEN-01"], "SEA": ["CHAIR"]}.items():
        page = list_products(session, search=typed, is_active=None, limit=9, after=None)
        assert [product.sku for product in page["items"]] == skus
