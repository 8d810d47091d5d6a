"""Reads of adjustments."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.billing.adjustments.models import Adjustment


def get_adjustment(session: Session, *, adjustment_id: str) -> Adjustment:
    """One adjustment."""
    return fetch_only(session, Adjustment, adjustment_id)


def list_adjustments(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    kind: str | None,
) -> dict[str, Any]:
    """A page of adjustments, newest first."""
    statement = select(Adjustment)
    if account_id is not None:
        statement = statement.where(Adjustment.account_id == account_id)
    if kind is not None:
        statement = statement.where(Adjustment.kind == kind)
    return read_page(
        session,
        statement,
        by=[Adjustment.adjustment_id],
        limit=limit,
        after=after,
        is_descending=True,
    )


def find_booked(session: Session, *, write_off_ids: Collection[str]) -> set[str]:
    """Those of these write-offs that were booked, reversed since or not."""
    booked = select(Adjustment.write_off_id).where(Adjustment.write_off_id.in_(write_off_ids))
    return {str(write_off_id) for write_off_id in session.scalars(booked)}
