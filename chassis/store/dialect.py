"""PostgreSQL with fewer round trips: a transaction begins together with its first statement."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

URL = "postgresql+frugal://"
ALONE = MappingProxyType({"is_alone": True})
"""Execution options of a connection or an engine: each statement is a transaction of its own."""
LAST = MappingProxyType({"is_last": True})
"""Execution options of a statement: it commits the transaction in the same round trip."""


class Dialect(PGDialect_psycopg2):
    """psycopg2 would send each BEGIN and COMMIT by itself; its connections are in autocommit mode, and
    what begins and ends a transaction is sent from here."""

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **options: Any) -> None:
        """`begin` is the statement that begins a transaction."""
        super().__init__(**options)
        self._begin = begin

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        options = context.execution_options if context else {}
        if not options.get("is_alone") and _is_idle(cursor.connection):
            statement = f"{self._begin}; {statement}"
        if options.get("is_last"):
            statement = f"{statement}; COMMIT"
        super().do_execute(cursor, statement, parameters, context)

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        if _is_idle(cursor.connection):
            cursor.execute(self._begin)
        super().do_executemany(cursor, statement, parameters, context)

    def do_commit(self, dbapi_connection: Any) -> None:
        _end(dbapi_connection, "COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        if not dbapi_connection.closed:
            _end(dbapi_connection, "ROLLBACK")


def _end(connection: Any, how: str) -> None:
    if not _is_idle(connection):
        with connection.cursor() as cursor:
            cursor.execute(how)


def _is_idle(connection: Any) -> bool:
    return bool(connection.get_transaction_status() == TRANSACTION_STATUS_IDLE)


registry.register("postgresql.frugal", __name__, Dialect.__name__)
