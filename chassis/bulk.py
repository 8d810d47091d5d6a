"""Many at once: rows in one statement whose text is the same however many; one of many refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.refusals import NotKnownYet, Refusal

Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: Session, model: type[DeclarativeBase], rows: Rows) -> None:
    """Insert rows. A column that none of them names has its default; one that only some of them name
    is null in the others."""
    session.execute(_insertion(model, _names(rows)), {"rows": _dump(rows)})


def insert_new_rows(session: Session, model: type[DeclarativeBase], rows: Rows) -> None:
    """As `insert_rows`, but for what is there already."""
    statement = _insertion(model, _names(rows), " ON CONFLICT DO NOTHING")
    session.execute(statement, {"rows": _dump(rows)})


def keep_newest(session: Session, model: type[DeclarativeBase], rows: Rows) -> Sequence[Row[Any]]:
    """Store snapshots in a local copy where they are newer, by `version`, than what it has.

    Events come twice and in any order; the copy is the same afterwards. `rows` name each thing once,
    and all of them the same columns. Returns the keys of what changed."""
    if not rows:
        return []
    return session.execute(_keeping(model, _names(rows)), {"rows": _dump(rows)}).all()


def refuse_one(session: Session, refusal: Refusal) -> Refusal:
    """A refusal of one of many, to be reported in its place. What is only on its way is waited for as it
    is where it comes alone: NotKnownYet is raised as long as the transaction will be run again."""
    if isinstance(refusal, NotKnownYet) and session.info.get("is_patient"):
        raise refusal
    return refusal


def columns(rows: Iterable[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """The columns of `rows` by name, as parameters to `unnest` in a statement; at least one row."""
    arrays = zip(*rows, strict=True)
    return {name: list(values) for name, values in zip(names, arrays, strict=True)}


def _names(rows: Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _dump(rows: Rows) -> str:
    # One JSON parameter: both sides read it several times as fast as a long list of VALUES.
    return orjson.dumps(rows, default=str).decode()


@cache
def _insertion(
    model: type[DeclarativeBase], names: tuple[str, ...], ending: str = ""
) -> TextClause:
    return text(_insert(model, names) + ending)


@cache
def _keeping(model: type[DeclarativeBase], names: tuple[str, ...]) -> TextClause:
    table = model.__tablename__
    keys = [column.name for column in model.__mapper__.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return text(
        f"{_insert(model, names)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
        f" WHERE excluded.version > {table}.version RETURNING {', '.join(keys)}"
    )


def _insert(model: type[DeclarativeBase], names: tuple[str, ...]) -> str:
    assert set(names) <= set(model.__table__.columns.keys()), f"not all of {names} are columns"
    table = model.__tablename__
    columns = ", ".join(names)
    recordset = f"json_populate_recordset(NULL::{table}, :rows)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {recordset}"  # noqa: S608
