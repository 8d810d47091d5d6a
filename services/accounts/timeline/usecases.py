"""What happens to the timeline: it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_new_rows
from services.accounts.timeline import rules
from services.accounts.timeline.models import TimelineEntry

# From what was known to be complete up to the first number that has none after it.
_FOLLOW = text(
    """
    WITH known AS (
        SELECT account_id, source, coalesce(complete_to, 0) AS complete_to
        FROM unnest(CAST(:accounts AS text[]), CAST(:sources AS text[])) AS t (account_id, source)
        LEFT JOIN timeline_reach USING (account_id, source)
    )
    INSERT INTO timeline_reach AS reach (account_id, source, complete_to)
    SELECT account_id, source, (
        SELECT sequence FROM timeline_entry AS entry
        WHERE entry.account_id = known.account_id AND entry.source = known.source
          AND sequence > known.complete_to AND NOT EXISTS (
              SELECT FROM timeline_entry AS next
              WHERE next.account_id = known.account_id AND next.source = known.source
                AND next.sequence = entry.sequence + 1)
        ORDER BY sequence LIMIT 1)
    FROM known WHERE EXISTS (
        SELECT FROM timeline_entry AS next
        WHERE next.account_id = known.account_id AND next.source = known.source
          AND next.sequence = known.complete_to + 1)
    ORDER BY account_id, source
    ON CONFLICT (account_id, source) DO UPDATE
    SET complete_to = greatest(reach.complete_to, excluded.complete_to)
    """
)


def remember_events(
    session: Session, *, events: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Keep events of any service about accounts; each once, and in whatever order they come."""
    insert_new_rows(session, TimelineEntry, [{**event, "recorded_at": now} for event in events])
    followed = {
        (event["account_id"], event["source"])
        for event in events
        if rules.is_step(event["sequence"])
    }
    if followed:
        session.execute(_FOLLOW, columns(sorted(followed), "accounts", "sources"))
