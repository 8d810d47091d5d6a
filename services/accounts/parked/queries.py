"""Reading which accounts were parked."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.parked.models import ParkedAccount


def list_parked_worklists(
    session: Session, *, account_id: str | None, day: date | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Accounts whose worklist a review could not keep, the newest day first."""
    statement = select(ParkedAccount)
    if account_id is not None:
        statement = statement.where(ParkedAccount.account_id == account_id)
    if day is not None:
        statement = statement.where(ParkedAccount.day == day)
    return read_page(
        session,
        statement,
        by=[ParkedAccount.day, ParkedAccount.account_id],
        limit=limit,
        after=after,
        is_descending=True,
    )
