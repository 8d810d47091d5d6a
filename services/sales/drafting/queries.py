"""Reads of orders that came before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from services.sales.orders.models import Order

Name = tuple[str, str]
"""An account, and what another system calls an order of it."""


def find_named(session: Session, names: Collection[Name]) -> dict[Name, Order]:
    """The orders that other systems call so, by account and name."""
    if not names:
        return {}
    is_named = tuple_(Order.account_id, Order.external_id).in_(names)
    found = session.scalars(select(Order).where(is_named))
    return {(order.account_id, str(order.external_id)): order for order in found}
