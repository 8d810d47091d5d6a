"""Lists of open items as collections sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.collections.receivables.models import PLACE, Receivable

COPY = select(Receivable)
"""What we keep of billing's items."""


def list_receivables(
    session: Session,
    *,
    account_id: str | None,
    status: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Items in the order of their documents, oldest due first."""
    statement = select(Receivable)
    if account_id is not None:
        statement = statement.where(Receivable.account_id == account_id)
    if status is not None:
        statement = statement.where(Receivable.status == status)
    return read_page(
        session,
        statement,
        by=PLACE,
        limit=limit,
        after=after,
    )
