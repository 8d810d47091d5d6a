"""What happens to the timeline: it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_new_rows
from chassis.due import schedule
from chassis.outbox import announce
from services.accounts.dues import EventsMissing
from services.accounts.timeline import queries, rules
from services.accounts.timeline.events import EventsWanted
from services.accounts.timeline.models import TimelineEntry
from services.accounts.timeline.rules import Place

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
    rows = [
        {**event, "recorded_at": now, "person": rules.done_by(event["data"])} for event in events
    ]
    insert_new_rows(session, TimelineEntry, rows)
    _watch_gaps(session, events, now=now)
    followed = {
        (event["account_id"], event["source"])
        for event in events
        if rules.is_step(event["sequence"])
    }
    if followed:
        session.execute(_FOLLOW, columns(sorted(followed), "accounts", "sources"))


def ask_for_events(
    session: Session, *, account_id: str, source: str, last: int, tried: int, now: datetime
) -> None:
    """Ask for the events up to `last` that have still not arrived, and look again later."""
    first = queries.find_gap(session, account_id=account_id, source=source, last=last)
    if first is None:
        return
    announce(
        session,
        EventsWanted,
        account_id=account_id,
        service=source,
        first=first,
        last=last,
    )
    if tried + 1 < len(rules.PATIENCE):
        _look_later(session, (account_id, source, last), tried=tried + 1, now=now)


def _watch_gaps(session: Session, events: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    before = sorted(rules.places_before(events))
    for place in queries.find_missing(session, before) if before else ():
        _look_later(session, place, tried=0, now=now)


def _look_later(session: Session, place: Place, *, tried: int, now: datetime) -> None:
    account_id, source, last = place
    schedule(
        session,
        EventsMissing,
        key=f"{account_id} {source} {last}",
        at=now + rules.PATIENCE[tried],
        account_id=account_id,
        source=source,
        last=last,
        tried=tried,
    )
