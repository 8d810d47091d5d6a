"""Reads of what was rescheduled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.reschedules.models import DueChange


def list_due_changes(
    session: Session, *, invoice_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what became of an invoice's instalments, the first change first."""
    statement = select(DueChange).where(DueChange.invoice_id == invoice_id)
    by = [DueChange.recorded_at, DueChange.item_id, DueChange.version]
    return read_page(session, statement, by=by, limit=limit, after=after)


def select_past_dues(*, as_of: date, known_at: datetime) -> Select[*tuple[Any, ...]]:
    """What items were at the end of a day, as known at a moment, where they changed after it: the state
    before the first change that did not count yet."""
    return (
        select(DueChange.item_id, DueChange.old_due_date, DueChange.old_amount)
        .ext(distinct_on(DueChange.item_id))
        .where(or_(DueChange.changed_on > as_of, DueChange.recorded_at > known_at))
        .order_by(DueChange.item_id, DueChange.version)
    )
