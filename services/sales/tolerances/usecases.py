"""Set tolerances. They count for what is shipped from now on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.sales.accounts.usecases import fetch_account_for_change
from services.sales.products.models import Product
from services.sales.tolerances.models import AccountTolerance, ProductTolerance
from services.sales.tolerances.rules import Tolerance, require_tolerance


def set_product_tolerance(
    session: Session, *, product_id: str, under: Decimal, over: Decimal, now: datetime, by: str
) -> ProductTolerance:
    """Say how much less or more of a product than was ordered may be shipped."""
    require_tolerance(Tolerance(under, over))
    fetch_for_change(session, Product, product_id)
    return session.merge(
        ProductTolerance(
            product_id=product_id, under=under, over=over, changed_at=now, changed_by=by
        )
    )


def set_account_tolerance(
    session: Session, *, account_id: str, under: Decimal, over: Decimal, now: datetime, by: str
) -> AccountTolerance:
    """Say what is agreed with a client; it counts instead of the products' tolerances."""
    require_tolerance(Tolerance(under, over))
    fetch_account_for_change(session, account_id)
    return session.merge(
        AccountTolerance(
            account_id=account_id, under=under, over=over, changed_at=now, changed_by=by
        )
    )
