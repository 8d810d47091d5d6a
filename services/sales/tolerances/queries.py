"""Reads of tolerances."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.accounts.queries import fetch_account
from services.sales.products.models import Product
from services.sales.tolerances.models import AccountTolerance, ProductTolerance
from services.sales.tolerances.rules import EXACT, Tolerance, Tolerances


def get_product_tolerance(session: Session, *, product_id: str) -> ProductTolerance:
    """What is tolerated of a product; exactly what was ordered where nobody said otherwise."""
    fetch(session, Product, product_id)
    found = session.get(ProductTolerance, product_id)
    return found or ProductTolerance(product_id=product_id, under=EXACT.under, over=EXACT.over)


def get_account_tolerance(session: Session, *, account_id: str) -> AccountTolerance:
    """What is agreed with a client; as `get_product_tolerance`."""
    fetch_account(session, account_id)
    found = session.get(AccountTolerance, account_id)
    return found or AccountTolerance(account_id=account_id, under=EXACT.under, over=EXACT.over)


def read_tolerances(
    session: Session, *, account_ids: Collection[str], product_ids: Collection[str]
) -> Tolerances:
    """Those set for these accounts and products."""
    accounts = session.execute(
        select(AccountTolerance.account_id, AccountTolerance.under, AccountTolerance.over).where(
            AccountTolerance.account_id.in_(account_ids)
        )
    )
    products = session.execute(
        select(ProductTolerance.product_id, ProductTolerance.under, ProductTolerance.over).where(
            ProductTolerance.product_id.in_(product_ids)
        )
    )
    return Tolerances(
        {key: Tolerance(under, over) for key, under, over in accounts},
        {key: Tolerance(under, over) for key, under, over in products},
    )
