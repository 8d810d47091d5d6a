"""Events that were published are published again, for listeners that have lost them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

# What nobody was to hear, or was let go by a person, has no position.
_AGAIN = text(
    """
    UPDATE outbox SET published_at = NULL, position = NULL
    WHERE published_at >= :since AND position IS NOT NULL
    """
)
# However many are asked for, the table is gone through once: it is seldom, and no index is kept for it.
_SOME_AGAIN = text(
    """
    UPDATE outbox SET published_at = NULL, position = NULL
    FROM unnest(CAST(:subjects AS text[]), CAST(:firsts AS bigint[]), CAST(:lasts AS bigint[]))
        AS wanted (subject, first, last)
    WHERE outbox.subject = wanted.subject AND outbox.sequence BETWEEN wanted.first AND wanted.last
      AND outbox.published_at IS NOT NULL AND outbox.position IS NOT NULL
    """
)


def republish(database_url: str, since: datetime) -> int:
    """Have the relay publish again what was published since then, by the system's clock; how many events.
    Listeners drop what they have had already."""
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            return int(connection.execute(_AGAIN, {"since": since}).rowcount)
    finally:
        engine.dispose()


def republish_some(session: Session, wanted: Collection[tuple[str, int, int]]) -> None:
    """Have the relay publish again what is still kept of these events: of a subject, from a sequence to
    another."""
    if wanted:
        subjects, firsts, lasts = map(list, zip(*wanted, strict=True))
        session.execute(_SOME_AGAIN, {"subjects": subjects, "firsts": firsts, "lasts": lasts})
