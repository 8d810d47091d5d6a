"""What happens to the timeline: it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from services.accounts.timeline.models import TimelineEntry


def remember_events(
    session: Session, *, events: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Keep events of any service about accounts; each once, and in whatever order they come."""
    insert_new_rows(session, TimelineEntry, [{**event, "recorded_at": now} for event in events])
