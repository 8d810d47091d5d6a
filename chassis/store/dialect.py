"""PostgreSQL with fewer round trips: a transaction begins together with its first statement, and so does
a savepoint; one in which nothing was done is never made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

URL = "postgresql+frugal://"
ALONE = MappingProxyType({"is_alone": True})
"""Execution options of a connection or an engine: each statement is a transaction of its own."""
LAST = MappingProxyType({"is_last": True})
"""Execution options of a statement: it commits the transaction in the same round trip."""

_UNTOUCHED = (TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS)


class Dialect(PGDialect_psycopg2):
    """psycopg2 would send each BEGIN and COMMIT by itself; its connections are in autocommit mode, and
    what begins and ends a transaction is sent from here."""

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **options: Any) -> None:
        """`begin` is the statement that begins a transaction."""
        super().__init__(**options)
        self._begin = begin
        self._unsent: WeakKeyDictionary[Any, list[str]] = WeakKeyDictionary()

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        options = context.execution_options if context else {}
        if options.get("is_alone"):
            super().do_execute(cursor, statement, parameters, context)
            return
        with self._ahead(cursor.connection) as ahead:
            whole = [*ahead, statement, *(["COMMIT"] if options.get("is_last") else [])]
            super().do_execute(cursor, "; ".join(whole), parameters, context)

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        with self._ahead(cursor.connection) as ahead:
            if ahead:
                cursor.execute("; ".join(ahead))
        super().do_executemany(cursor, statement, parameters, context)

    def do_commit(self, dbapi_connection: Any) -> None:
        self._unsent.pop(_raw(dbapi_connection), None)
        _end(dbapi_connection, "COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        self._unsent.pop(_raw(dbapi_connection), None)
        if not dbapi_connection.closed:
            _end(dbapi_connection, "ROLLBACK")

    def do_savepoint(self, connection: Any, name: str) -> None:
        self._unsent.setdefault(_raw(connection.connection), []).append(f"SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        unsent = self._unsent.setdefault(_raw(connection.connection), [])
        if unsent and unsent[-1] == f"SAVEPOINT {name}":
            unsent.pop()
        else:
            unsent.append(f"RELEASE SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        unsent = self._unsent.pop(_raw(connection.connection), [])
        if f"SAVEPOINT {name}" in unsent:
            self._unsent[_raw(connection.connection)] = unsent[: unsent.index(f"SAVEPOINT {name}")]
        else:  # those inside it are gone with it, whether they were released or not
            super().do_rollback_to_savepoint(connection, name)

    @contextmanager
    def _ahead(self, connection: Any) -> Iterator[list[str]]:
        """What goes ahead of a statement; still ahead of the next one where psycopg2 cannot write one of
        its parameters and sends nothing: what is sent and fails leaves the transaction in error."""
        unsent = self._unsent.pop(connection, [])
        try:
            yield [*([self._begin] if _is_idle(connection) else []), *unsent]
        except Exception:
            if connection.get_transaction_status() in _UNTOUCHED:
                self._unsent[connection] = unsent
            raise


def _raw(connection: Any) -> Any:
    """psycopg2's connection, of one that the pool may have wrapped."""
    return getattr(connection, "dbapi_connection", connection)


def _end(connection: Any, how: str) -> None:
    if not _is_idle(connection):
        with connection.cursor() as cursor:
            cursor.execute(how)


def _is_idle(connection: Any) -> bool:
    return bool(connection.get_transaction_status() == TRANSACTION_STATUS_IDLE)


registry.register("postgresql.frugal", __name__, Dialect.__name__)
