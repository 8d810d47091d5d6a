"""Reads of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from chassis import pages
from chassis.database import Planned, fetch_seen
from services.accounts.accounts.models import Account
from services.accounts.timeline import rules
from services.accounts.timeline.models import TimelineEntry
from services.accounts.timeline.rules import Place

_MISSING = text(
    """
    SELECT account_id, source, sequence
    FROM unnest(CAST(:accounts AS text[]), CAST(:sources AS text[]), CAST(:sequences AS bigint[]))
        AS place (account_id, source, sequence)
    WHERE NOT EXISTS (
        SELECT FROM timeline_entry AS entry
        WHERE entry.account_id = place.account_id AND entry.source = place.source
          AND entry.sequence = place.sequence)
    """
)

# The numbers that are there beyond what is known to be complete, of each source.
_BEYOND = Planned(
    f"""
    SELECT told.source, coalesce(complete_to, 0) AS complete_to, ARRAY(
        SELECT sequence FROM timeline_entry AS entry
        WHERE entry.account_id = :account_id AND entry.source = told.source
          AND sequence > coalesce(reach.complete_to, 0)
        ORDER BY sequence LIMIT {rules.LOOKED_AT}) AS sequences
    FROM unnest(:sources) AS told (source)
    LEFT JOIN timeline_reach AS reach
        ON reach.account_id = :account_id AND reach.source = told.source
    ORDER BY told.source
    """,  # noqa: S608
    account_id="text",
    sources="text[]",
)


# The order of a page, and its statements for either end.
_BY: Sequence[Any] = (
    TimelineEntry.occurred_at,
    TimelineEntry.source,
    TimelineEntry.sequence,
    TimelineEntry.event_id,
)
_ENDS = {
    False: ((">", "ASC"), ("-infinity", "", 0, "")),
    True: (("<", "DESC"), ("infinity", "", 0, "")),
}


def _page(beyond: str, order: str) -> Planned:
    names = [column.key for column in _BY]
    columns = "event_id, source, sequence, name, occurred_at, summary, person, data"
    return Planned(
        f"""
        SELECT {columns} FROM timeline_entry
        WHERE account_id = :account_id AND ({", ".join(names)})
            {beyond} (:occurred_at, :source, :sequence, :event_id)
        ORDER BY {", ".join(f"{name} {order}" for name in names)} LIMIT :most
        """,  # noqa: S608
        account_id="text",
        occurred_at="timestamptz",
        source="text",
        sequence="bigint",
        event_id="text",
        most="bigint",
    )


_PAGES = {is_descending: _page(*words) for is_descending, (words, _) in _ENDS.items()}


def get_timeline(
    session: Session,
    *,
    account_id: str,
    source: str | None,
    name: str | None,
    person: str | None,
    order: str,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """What happened to an account, in the order in which it happened, from one end or the other, and
    which events of it have not arrived."""
    fetch_seen(session, Account, account_id)
    is_descending = order == "newest_first"
    if source is None and name is None and person is None:
        page = _read_page(session, account_id, limit, after, is_descending=is_descending)
    else:
        which = _entries(account_id, source=source, name=name, person=person)
        by = [*_BY]
        page = pages.read_page(
            session, which, by=by, limit=limit, after=after, is_descending=is_descending
        )
    missing = _missing(session, account_id)
    return page | {"is_complete": not missing, "missing": missing}


def _read_page(
    session: Session, account_id: str, limit: int, after: str | None, *, is_descending: bool
) -> dict[str, Any]:
    """A page of all that happened to an account that the caller sees."""
    begin = _ENDS[is_descending][1] if after is None else pages.read_cursor(after, _BY)
    place = {column.key: value for column, value in zip(_BY, begin, strict=True)}
    rows = _PAGES[is_descending].read(session, account_id=account_id, most=limit + 1, **place)
    return pages.make_page(rows, by=_BY, limit=limit)


def _entries(
    account_id: str, *, source: str | None, name: str | None, person: str | None
) -> Select[TimelineEntry]:
    entries = select(TimelineEntry).where(TimelineEntry.account_id == account_id)
    if source is not None:
        entries = entries.where(TimelineEntry.source == source)
    if name is not None:
        entries = entries.where(TimelineEntry.name == name)
    if person is not None:
        entries = entries.where(TimelineEntry.person == person)
    return entries


def find_missing(session: Session, places: Sequence[Place]) -> Sequence[Place]:
    """Those of these places (account, source, sequence), at least one, at which no event is."""
    accounts, sources, sequences = map(list, zip(*places, strict=True))
    wanted = {"accounts": accounts, "sources": sources, "sequences": sequences}
    found = session.execute(_MISSING, wanted)
    return [(row.account_id, row.source, row.sequence) for row in found]


def find_gap(session: Session, *, account_id: str, source: str, last: int) -> int | None:
    """The first of the events up to `last` that are missing in a row; None where `last` is there."""
    entry = TimelineEntry
    reached = session.scalar(
        select(func.max(entry.sequence)).where(
            entry.account_id == account_id, entry.source == source, entry.sequence <= last
        )
    )
    return None if reached == last else (reached or 0) + 1


def _missing(session: Session, account_id: str) -> list[dict[str, Any]]:
    found = _BEYOND.read(session, account_id=account_id, sources=[*rules.SOURCES])
    return [
        {"source": row.source, "first": first, "last": last}
        for row in found
        for first, last in rules.missing_ranges(row.sequences, complete_to=row.complete_to)
    ]
