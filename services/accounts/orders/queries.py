"""Reads of orders."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts.orders.models import AccountOrder

COPY = select(AccountOrder)
"""What we keep of sales' orders."""


def find_running(session: Session, *, account_id: str, limit: int) -> Sequence[AccountOrder]:
    """The orders of an account of which something is still to come, by number."""
    return session.scalars(
        select(AccountOrder)
        .where(AccountOrder.account_id == account_id, AccountOrder.is_ended.is_(False))
        .order_by(AccountOrder.number)
        .limit(limit)
    ).all()
