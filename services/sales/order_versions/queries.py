"""Reading versions of orders."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.order_versions.models import OrderVersion


def list_versions(
    session: Session, *, order_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what an order was, the first version first; none of a draft."""
    statement = select(OrderVersion).where(OrderVersion.order_id == order_id)
    return read_page(session, statement, by=[OrderVersion.revision], limit=limit, after=after)


def count_versions(session: Session, *, order_id: str) -> int:
    """How many versions an order has."""
    revisions = select(func.max(OrderVersion.revision)).where(OrderVersion.order_id == order_id)
    return session.scalar(revisions) or 0
