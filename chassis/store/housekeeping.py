"""Housekeeping: rows that have expired are deleted, a bounded number at a time."""

from __future__ import annotations

from sqlalchemy import Engine, text

from chassis.store.files import SWEPT_AT_ONCE, sweep

ROUND_ROWS = 5_000
# Inbox rows outlast any replay of an event; answers outlast any client's patience.
EXPIRED = {
    "answers": ("answered_at", "caller, command_id", 30),
    "outbox": ("published_at", "id", 30),  # but for the last, which the next position follows
    "inbox": ("handled_at", "event_id, handler", 90),
    "introduction": ("ended_at", "introduction_id", 30),
}
KEPT = {"outbox": "AND coalesce(position, 0) < (SELECT max(position) FROM outbox)"}


def clean_up(engine: Engine) -> dict[str, int]:
    """Delete one round of expired rows of each table; how many of each."""
    deleted: dict[str, int] = {}
    for table, (column, key, days) in EXPIRED.items():
        statement = text(
            f"""
            DELETE FROM {table} WHERE ({key}) IN (
                SELECT {key} FROM {table}
                WHERE {column} < now() - make_interval(days => {days}) {KEPT.get(table, "")}
                ORDER BY {column} LIMIT {ROUND_ROWS} FOR UPDATE SKIP LOCKED)
            """  # noqa: S608  names of this module
        )
        with engine.begin() as connection:
            deleted[table] = connection.execute(statement).rowcount
    with engine.begin() as connection:
        deleted["file"] = sweep(connection)
    return deleted


def has_more(deleted: dict[str, int]) -> bool:
    """Whether another round would find more."""
    most = {"file": SWEPT_AT_ONCE}
    return any(count == most.get(table, ROUND_ROWS) for table, count in deleted.items())
