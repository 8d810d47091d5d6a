"""Lists of pauses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.collections.holds.models import Hold


def list_holds(
    session: Session, *, account_id: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Holds, the newest first."""
    statement = select(Hold)
    if account_id is not None:
        statement = statement.where(Hold.account_id == account_id)
    return read_page(
        session, statement, by=[Hold.hold_id], limit=limit, after=after, is_descending=True
    )
