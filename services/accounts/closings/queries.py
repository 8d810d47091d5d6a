"""Reads of closings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.closings.models import Closing


def list_closings(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The attempts to close an account, first to last, with what each service answered."""
    fetch(session, Account, account_id)
    closings = select(Closing).where(Closing.account_id == account_id)
    return read_page(session, closings, by=[Closing.version], limit=limit, after=after)
