"""Housekeeping: rows that have expired are deleted, a bounded number in each transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, TextClause, text

from chassis.store.files import SWEPT_AT_ONCE, sweep
from chassis.store.locks import Lock

ROUND_ROWS = 5_000


class Rows(NamedTuple):
    """Rows of a table that expire so many days after the instant in a column, which has an index."""

    column: str
    days: int
    unless: str = "false"


# Inbox rows outlast any replay of an event; answers outlast any client's patience. The next position
# follows the outbox's last.
EXPIRING = {
    "answers": Rows("answered_at", 30),
    "outbox": Rows(
        "published_at", 30, "coalesce(position, 0) >= (SELECT max(position) FROM outbox)"
    ),
    "inbox": Rows("handled_at", 90),
    "introduction": Rows("ended_at", 30),
}


def deletion(table: str, rows: Rows) -> TextClause:
    """The statement that deletes one round: found from the instant `after` on, so that no round goes
    through what the ones before have left in the index, and reached without looking any row up again."""
    column, days, unless = rows
    return text(
        f"""
        WITH gone AS (
            DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM {table}
                WHERE {column} < now() - make_interval(days => {days})
                  AND {column} >= coalesce(CAST(:after AS timestamptz), '-infinity')
                  AND NOT ({unless})
                ORDER BY {column} LIMIT {ROUND_ROWS}))
            RETURNING {column} AS expired
        )
        SELECT count(*) AS rows, max(expired) AS last FROM gone
        """  # noqa: S608  names of this module
    )


_DELETIONS: Mapping[str, TextClause] = {
    table: deletion(table, rows) for table, rows in EXPIRING.items()
}
_TAKE_TURN = text(f"SELECT pg_try_advisory_xact_lock({Lock.HOUSEKEEPING.value})")


class House:
    """The tables of a service that are kept small. It knows how far it came: what expires later has a
    later instant."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reached: dict[str, datetime] = {}

    def clean_up(self) -> dict[str, int]:
        """Delete one round of expired rows of each table, each in a transaction; how many of each. None
        of a table at which another process of the service is just doing that."""
        deleted: dict[str, int] = {}
        for table in (*EXPIRING, "file"):
            with self._engine.begin() as connection:
                is_our_turn = connection.scalar(_TAKE_TURN)
                deleted[table] = self._delete(connection, table) if is_our_turn else 0
        return deleted

    def _delete(self, connection: Connection, table: str) -> int:
        if table == "file":
            return sweep(connection)
        found = connection.execute(_DELETIONS[table], {"after": self._reached.get(table)}).one()
        if found.rows:
            self._reached[table] = found.last
        return int(found.rows)


def has_more(deleted: dict[str, int]) -> bool:
    """Whether another round would find more."""
    most = {"file": SWEPT_AT_ONCE}
    return any(count == most.get(table, ROUND_ROWS) for table, count in deleted.items())
