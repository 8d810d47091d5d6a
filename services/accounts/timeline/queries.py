"""Reads of the timeline."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.timeline import rules
from services.accounts.timeline.models import TimelineEntry


def get_timeline(
    session: Session,
    *,
    account_id: str,
    source: str | None,
    name: str | None,
    order: str,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """What happened to an account, in the order in which it happened, from one end or the other, and
    which events of it have not arrived."""
    fetch(session, Account, account_id)
    entries = select(TimelineEntry).where(TimelineEntry.account_id == account_id)
    if source is not None:
        entries = entries.where(TimelineEntry.source == source)
    if name is not None:
        entries = entries.where(TimelineEntry.name == name)
    entry = TimelineEntry
    page = read_page(
        session,
        entries,
        by=[entry.occurred_at, entry.source, entry.sequence, entry.event_id],
        limit=limit,
        after=after,
        is_descending=order == "newest_first",
    )
    missing = _missing(session, account_id)
    return page | {"is_complete": not missing, "missing": missing}


def _missing(session: Session, account_id: str) -> list[dict[str, Any]]:
    sequence = TimelineEntry.sequence
    gapped = (
        select(TimelineEntry.source)
        .where(TimelineEntry.account_id == account_id, sequence > 0)
        .group_by(TimelineEntry.source)
        .having(func.count(sequence.distinct()) != func.max(sequence))
    )
    rows = session.execute(
        select(TimelineEntry.source, sequence).where(
            TimelineEntry.account_id == account_id,
            TimelineEntry.source.in_(gapped),
            sequence > 0,
        )
    )
    sequences: dict[str, list[int]] = defaultdict(list)
    for source, number in rows:
        sequences[source].append(number)
    return [
        {"source": source, "first": first, "last": last}
        for source in sorted(sequences)
        for first, last in rules.missing_ranges(sequences[source])
    ]
