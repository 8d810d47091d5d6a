"""Reads of ownership."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.ownership.models import OwnershipPeriod


def list_owners(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The owners of an account, first to present."""
    periods = select(OwnershipPeriod).where(OwnershipPeriod.account_id == account_id)
    return read_page(session, periods, by=[OwnershipPeriod.position], limit=limit, after=after)
