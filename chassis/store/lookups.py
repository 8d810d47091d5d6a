"""One row by its id: a statement that a connection plans once, and no more of the ORM than the object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import psycopg2
from sqlalchemy import Connection, Dialect, Engine, bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

Row = TypeVar("Row", bound=DeclarativeBase)
Reader = Callable[[Any], Any]
"""Makes of what the driver gives what the column's type says."""

_ENGINE = "lookups"


class NotServed(Exception):
    """The connection broke, or cannot use what it had planned: whoever asks in the ordinary way hears
    what is wrong, or nothing is."""


def allow_lookups(session: Session, engine: Engine) -> None:
    """Let lookups of this session go to the engine, each a transaction of its own, until the session
    begins one itself: what it reads in that is to be of one view."""
    session.info[_ENGINE] = engine


def forget_lookups(session: Session) -> None:
    """Let the session read in its own transaction alone."""
    session.info.pop(_ENGINE, None)


def engine_for_lookups(session: Session) -> Engine | None:
    """Where lookups of this session may go now."""
    engine: Engine | None = session.info.get(_ENGINE)
    return engine


class Lookup(Generic[Row]):
    """The way to one row of a model that has no relationships."""

    def __init__(self, model: type[Row]) -> None:
        mapper = model.__mapper__
        assert not mapper.relationships, "what hangs on it is read later, as it is then"
        self._make = mapper.class_manager.new_instance
        self._names = [attribute.key for attribute in mapper.column_attrs]
        self._columns = [attribute.columns[0] for attribute in mapper.column_attrs]
        self._key = mapper.primary_key[0]
        self._name = f"lookup_{model.__tablename__}"

    def read(self, engine: Engine, identity: str) -> Row | None:
        """The row as it is now, in no session; None where there is none. NotServed, or OperationalError
        where no connection can be had."""
        try:
            connection = engine.raw_connection()
        except psycopg2.Error as error:
            raise OperationalError(None, None, error) from error
        try:
            values = self._execute(connection, engine.dialect, identity)
        except BaseException as error:
            connection.invalidate(error)  # type: ignore[arg-type]
            if isinstance(error, psycopg2.Error):
                raise NotServed from error
            raise
        connection.close()
        return None if values is None else self._build(values)

    def read_within(self, connection: Connection, identity: str) -> Row | None:
        """The row as the transaction of this connection sees it, in no session; None where there is none.
        A connection on which it failed is given up: what it has planned is not known."""
        execute = f"EXECUTE {self._name} (%s)"
        readers = connection.info.get(self)
        statement = execute if readers else f"{self._write_prepare(connection.dialect)}{execute}"
        try:
            result = connection.exec_driver_sql(statement, (identity,))
            if readers is None:
                described = result.cursor.description  # type: ignore[union-attr]
                readers = [*self._readers(described, connection.dialect)]
            row = result.one_or_none()
        except BaseException:
            connection.invalidate()
            raise
        connection.info[self] = readers
        return None if row is None else self._build(_read_all(readers, row))

    def _execute(self, connection: Any, dialect: Dialect, identity: str) -> Sequence[Any] | None:
        cursor = connection.cursor()
        execute = f"EXECUTE {self._name} (%s)"
        readers = connection.info.get(self)
        if readers is None:
            cursor.execute(self._write_prepare(dialect) + execute, (identity,))
            readers = connection.info[self] = [*self._readers(cursor.description, dialect)]
        else:
            cursor.execute(execute, (identity,))
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else _read_all(readers, row)

    def _write_prepare(self, dialect: Dialect) -> str:
        statement = select(*self._columns).where(self._key == bindparam("identity"))
        written = str(statement.compile(dialect=dialect)).replace("%(identity)s", "$1")
        return f"PREPARE {self._name} AS {written}; "

    def _readers(self, description: Any, dialect: Dialect) -> Iterator[Reader | None]:
        for column, told in zip(self._columns, description, strict=True):
            yield column.type.dialect_impl(dialect).result_processor(dialect, told[1])

    def _build(self, values: Sequence[Any]) -> Row:
        row: Row = self._make()
        row.__dict__.update(zip(self._names, values, strict=True))
        return row


def _read_all(readers: Sequence[Reader | None], row: Sequence[Any]) -> Sequence[Any]:
    return [
        value if read is None else read(value) for read, value in zip(readers, row, strict=True)
    ]
