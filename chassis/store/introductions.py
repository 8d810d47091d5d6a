"""What listeners are to be told of how things are, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, text

from kernel.ids import new_id

Key = Sequence[Any] | None

_OPEN = """SELECT introduction_id, listener, event, first, last, done, count
    FROM introduction WHERE ended_at IS NULL"""
_NEXT = text(f"{_OPEN} ORDER BY introduction_id LIMIT 1")
_ASK = text(
    """
    INSERT INTO introduction (introduction_id, listener, event, first, last)
    SELECT :introduction_id, :listener, :event, CAST(:first AS jsonb), CAST(:last AS jsonb)
    WHERE NOT EXISTS (SELECT 1 FROM introduction
                      WHERE ended_at IS NULL AND listener = :listener AND event = :event
                      AND first IS NOT DISTINCT FROM CAST(:first AS jsonb)
                      AND last IS NOT DISTINCT FROM CAST(:last AS jsonb))
    """
)
_GO_ON = text(
    """
    UPDATE introduction SET done = CAST(:done AS jsonb), count = count + :told
    WHERE introduction_id = :introduction_id
    """
)
_END = text(
    """
    UPDATE introduction SET ended_at = now(), problem = :problem
    WHERE introduction_id = :introduction_id
    """
)
_STATE = text(
    """
    SELECT DISTINCT ON (event) event, count, ended_at IS NOT NULL AS is_ended, problem
    FROM introduction WHERE listener = :listener AND first IS NULL AND last IS NULL
    ORDER BY event, introduction_id DESC
    """
)


def ask(
    connection: Connection, *, listener: str, event: str, first: Key = None, last: Key = None
) -> None:
    """Have a listener told of the things after `first` up to `last`, unless that is under way."""
    connection.execute(
        _ASK,
        {
            "introduction_id": new_id("itr"),
            "listener": listener,
            "event": event,
            "first": _dump(first),
            "last": _dump(last),
        },
    )


def find_next(connection: Connection) -> Row[Any] | None:
    """The introduction to go on with."""
    return connection.execute(_NEXT).one_or_none()


def note_told(
    connection: Connection, introduction_id: str, *, done: Sequence[Any], told: int
) -> None:
    """So many more were told, the last of them with this key."""
    values = {"introduction_id": introduction_id, "done": _dump(done), "told": told}
    connection.execute(_GO_ON, values)


def end(connection: Connection, introduction_id: str, *, problem: str | None = None) -> None:
    """All was told; else the problem is why not."""
    connection.execute(_END, {"introduction_id": introduction_id, "problem": problem})


def read_state(connection: Connection, listener: str) -> Sequence[Row[Any]]:
    """How far the last introduction of each kind of things has come, for one listener."""
    return connection.execute(_STATE, {"listener": listener}).all()


def _dump(key: Key) -> str | None:
    return None if key is None else orjson.dumps(list(key)).decode()
