"""Reads of overrides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
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


def find_overrides(
    session: Session, *, order_ids: Collection[str], today: date
) -> dict[str, list[CreditOverride]]:
    """The overrides of orders that hold today and were not used, the last granted first, by order. The
    caller has locked the orders."""
    holds = (
        select(CreditOverride)
        .where(
            CreditOverride.order_id.in_(order_ids),
            CreditOverride.used_at.is_(None),
            CreditOverride.until >= today,
        )
        .order_by(CreditOverride.granted_at.desc(), CreditOverride.override_id)
    )
    found: defaultdict[str, list[CreditOverride]] = defaultdict(list)
    for override in session.scalars(holds) if order_ids else ():
        found[override.order_id].append(override)
    return found
