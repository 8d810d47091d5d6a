"""Advisory locks in a service's own database: who of its processes alone does a thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique

from sqlalchemy import Connection, text


@unique
class Lock(IntEnum):
    """What each number means. PostgreSQL knows the numbers alone: two things with one keep each other
    waiting."""

    MIGRATION = 0x57E3A2D
    RELAY = 0x57E3A2E
    DUE_TIMES = 0x57E3A2F
    INTRODUCTIONS = 0x57E3A30
    HOUSEKEEPING = 0x57E3A31


_TAKE = text("SELECT pg_try_advisory_lock(:lock)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:lock)")


@contextmanager
def held(connection: Connection, lock: Lock) -> Iterator[bool]:
    """Whether this connection alone has the lock, inside; it ends with the connection in any case."""
    is_held = bool(connection.scalar(_TAKE, {"lock": lock.value}))
    try:
        yield is_held
    finally:
        if is_held and not connection.closed and not connection.invalidated:
            connection.execute(_GIVE_BACK, {"lock": lock.value})
