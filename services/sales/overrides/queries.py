"""Reads of overrides."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.overrides.models import CreditOverride


def list_overrides(
    session: Session,
    *,
    account_id: str | None,
    order_id: str | None,
    is_used: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of overrides, the newest first."""
    statement = select(CreditOverride)
    if account_id is not None:
        statement = statement.where(CreditOverride.account_id == account_id)
    if order_id is not None:
        statement = statement.where(CreditOverride.order_id == order_id)
    if is_used is not None:
        statement = statement.where(CreditOverride.used_at.is_not(None) == is_used)
    by = [CreditOverride.granted_at, CreditOverride.override_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def find_override(
    session: Session, *, order_id: str, gross: int, today: date
) -> CreditOverride | None:
    """The override of an order that holds today for so much and was not used, the last granted first. The
    caller has locked the order."""
    holds = (
        select(CreditOverride)
        .where(
            CreditOverride.order_id == order_id,
            CreditOverride.used_at.is_(None),
            CreditOverride.until >= today,
            CreditOverride.gross >= gross,
        )
        .order_by(CreditOverride.granted_at.desc(), CreditOverride.override_id)
        .limit(1)
    )
    return session.scalar(holds)
