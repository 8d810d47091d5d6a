"""Due times as rows: written with the transaction that decides them, read and removed by who performs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from chassis.store.locks import Lock


class Change(NamedTuple):
    """What a transaction decides of the due time under a key: when and with what; `at` None drops it."""

    name: str
    key: str
    at: datetime | None
    data: dict[str, Any]
    cause: tuple[str, str | None]  # request id, trace


class Ahead(NamedTuple):
    """What is to come: the first instant of those untried, and in how many seconds one is tried again."""

    at: datetime | None
    retry_seconds: float | None


# Numbered in the order of making; locked in the order of keys, so that two transactions that change the
# same ones cannot end in a deadlock. One that is moved is made anew.
_WRITE = text(
    """
    WITH change AS MATERIALIZED (
        SELECT * FROM unnest(
            CAST(:names AS text[]), CAST(:keys AS text[]), CAST(:ats AS timestamptz[]),
            CAST(:data AS text[]), CAST(:request_ids AS text[]), CAST(:traces AS text[])
        ) AS t (name, key, at, data, request_id, trace)
    ), made AS MATERIALIZED (
        SELECT nextval('due_time_due_id_seq') AS due_id, change.* FROM change WHERE at IS NOT NULL
    ), dropped AS (
        DELETE FROM due_time USING change
        WHERE due_time.name = change.name AND due_time.key = change.key AND change.at IS NULL
    )
    INSERT INTO due_time (due_id, name, key, at, data, request_id, trace)
    SELECT due_id, name, key, at, data, request_id, trace FROM made ORDER BY name, key
    ON CONFLICT (name, key) DO UPDATE
    SET due_id = excluded.due_id, at = excluded.at, data = excluded.data,
        request_id = excluded.request_id, trace = excluded.trace, tried = 0, retry_at = NULL
    """
)
_COLUMNS = "due_id, name, key, at, data, request_id, trace, tried"
_READ = text(
    f"""
    SELECT {_COLUMNS} FROM due_time
    WHERE retry_at IS NULL AND at <= :now AND name = ANY(:names) ORDER BY at, due_id LIMIT :limit
    """  # noqa: S608  columns of this module
)
_READ_RETRIED = text(
    f"""
    SELECT {_COLUMNS} FROM due_time
    WHERE retry_at <= clock_timestamp() AND name = ANY(:names) ORDER BY retry_at, due_id LIMIT 1
    """  # noqa: S608  columns of this module
)
_READ_AGAIN = text(f"SELECT {_COLUMNS} FROM due_time WHERE due_id = :due_id")  # noqa: S608
_AHEAD = text(
    """
    SELECT (SELECT at FROM due_time WHERE retry_at IS NULL AND name = ANY(:names)
            ORDER BY at, due_id LIMIT 1) AS at,
           (SELECT extract(epoch FROM retry_at - clock_timestamp()) FROM due_time
            WHERE retry_at IS NOT NULL AND name = ANY(:names)
            ORDER BY retry_at LIMIT 1) AS retry_seconds
    """
)
_REMOVE = text(
    """
    WITH done AS (
        SELECT due_id FROM due_time WHERE due_id = ANY(:ids) ORDER BY name, key FOR UPDATE
    )
    DELETE FROM due_time USING done WHERE due_time.due_id = done.due_id
    """
)
_PUT_OFF = text(
    """
    UPDATE due_time
    SET tried = tried + 1, retry_at = clock_timestamp() + make_interval(secs => :seconds)
    WHERE due_id = :due_id AND tried = :tried
    """
)
_TAKE_TURN = text(f"SELECT pg_try_advisory_xact_lock({Lock.DUE_TIMES.value})")


def write_due_times(session: Session) -> bool:
    """Store what was scheduled and dropped, the last word for each key; whether there was anything. At
    the end of a transaction: what else it locks, it locks before these rows."""
    said = session.info.pop("due", ())
    changes = {(one.name, one.key): one for one in said}.values()
    if not changes:
        return False
    session.execute(
        _WRITE,
        {
            "names": [one.name for one in changes],
            "keys": [one.key for one in changes],
            "ats": [one.at for one in changes],
            "data": [orjson.dumps(one.data).decode() for one in changes],
            "request_ids": [one.cause[0] or None for one in changes],
            "traces": [one.cause[1] for one in changes],
        },
    )
    return True


def take_turn(session: Session) -> bool:
    """Be the one who performs, until the transaction ends; False where another is."""
    return bool(session.scalar(_TAKE_TURN))


def read_due(
    session: Session, *, now: datetime, names: Collection[str], limit: int
) -> Sequence[Row[Any]]:
    """The first whose instant has come, untried, in the order of their instants, then of their making."""
    values = {"now": now, "names": list(names), "limit": limit}
    return session.execute(_READ, values).all()


def read_retried(session: Session, *, names: Collection[str]) -> Sequence[Row[Any]]:
    """One that is to be tried again by now, if there is any."""
    return session.execute(_READ_RETRIED, {"names": list(names)}).all()


def read_again(session: Session, *, due_id: int) -> Sequence[Row[Any]]:
    """This one, unless it was moved, dropped or performed."""
    return session.execute(_READ_AGAIN, {"due_id": due_id}).all()


def look_ahead(session: Session, *, names: Collection[str]) -> Ahead:
    """What is to come next of these names."""
    row = session.execute(_AHEAD, {"names": list(names)}).one()
    return Ahead(row.at, None if row.retry_seconds is None else float(row.retry_seconds))


def remove(session: Session, *, due_ids: Collection[int]) -> int:
    """Remove what was performed; how many there were still: one that was moved has another id."""
    result = session.execute(_REMOVE, {"ids": list(due_ids)})
    return int(result.rowcount)  # type: ignore[attr-defined]


def put_off(session: Session, *, due_id: int, tried: int, seconds: float) -> None:
    """Try again after so many seconds, by the system's clock, unless somebody else has put it off."""
    session.execute(_PUT_OFF, {"due_id": due_id, "tried": tried, "seconds": seconds})
