"""Events that were published are published again, for listeners that have lost them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import create_engine, text

# What nobody was to hear, or was let go by a person, has no position.
_AGAIN = text(
    """
    UPDATE outbox SET published_at = NULL, position = NULL
    WHERE published_at >= :since AND position IS NOT NULL
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
