"""What happens to the timeline: it grows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.accounts.timeline import rules
from services.accounts.timeline.models import TimelineEntry


def remember_event(
    session: Session,
    *,
    event_id: str,
    account_id: str,
    source: str,
    sequence: int,
    name: str,
    occurred_at: datetime,
    data: dict[str, Any],
    now: datetime,
) -> None:
    """Keep an event of any service about an account; once, and in whatever order events come."""
    entry = {
        "event_id": event_id,
        "account_id": account_id,
        "source": source,
        "sequence": sequence,
        "name": name,
        "occurred_at": occurred_at,
        "summary": rules.summarise(source, name, data),
        "data": data,
        "recorded_at": now,
    }
    session.execute(_REMEMBER, entry)


_TABLE = TimelineEntry.__table__
_REMEMBER = insert(_TABLE).on_conflict_do_nothing(index_elements=["event_id"])  # type: ignore[arg-type]
