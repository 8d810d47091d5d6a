"""Many at once: rows in one statement whose text is the same however many; commands that are decided
together; one of many that fails."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import orjson
import structlog
from sqlalchemy import Row, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.callers import Caller
from kernel.refusals import NotKnownYet, Refusal, Unavailable

Rows = Sequence[Mapping[str, Any]]
Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")
Result = TypeVar("Result")

_NAMES = postgresql.dialect().identifier_preparer
_LOST_RACE = "23505"  # somebody else inserted it meanwhile


@dataclass(frozen=True, eq=False)
class Asked:
    """A command: what it says, as loaded, who gives it, why, and the versions that it is to meet."""

    values: Mapping[str, Any]
    caller: Caller
    request_id: str
    trace: str | None
    if_match: Mapping[str, int]

    @property
    def cause(self) -> tuple[str, str | None]:
        """What is announced because of it carries this."""
        return self.request_id, self.trace


def decide_each(
    session: Session, asked: Iterable[Asked], decide: Callable[[Asked], Result]
) -> list[Result | Refusal]:
    """Of commands that are performed together, what `decide` answers to each, or the Refusal that it
    raises: of that one nothing stays announced or scheduled. Inside, what is announced has the one
    command's cause, and its If-Match is the one that counts."""
    return [_decide(session, one, decide) for one in asked]


def insert_rows(session: Session, model: type[DeclarativeBase], rows: Rows) -> None:
    """Insert rows. A column that none of them names has its default; one that only some of them name
    is null in the others."""
    if rows:
        session.execute(_insertion(model, _names(rows)), {"rows": _dump(rows)})


def insert_new_rows(session: Session, model: type[DeclarativeBase], rows: Rows) -> None:
    """As `insert_rows`, but for what is there already."""
    if rows:
        statement = _insertion(model, _names(rows), " ON CONFLICT DO NOTHING")
        session.execute(statement, {"rows": _dump(rows)})


def keep_newest(session: Session, model: type[DeclarativeBase], rows: Rows) -> Sequence[Row[Any]]:
    """Store snapshots in a local copy where they are newer, by `version`, than what it has.

    Events come twice and in any order; the copy is the same afterwards. All `rows` name the same columns.
    One of the same version that says otherwise mends the copy. Returns the keys of what changed, with
    the `version` of each and whether it `is_new` here."""
    if not rows:
        return []
    newest: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    keys = [column.name for column in model.__mapper__.primary_key]
    for row in rows:
        known = newest.setdefault(tuple(row[key] for key in keys), row)
        if known["version"] < row["version"]:
            newest[tuple(row[key] for key in keys)] = row
    kept = [newest[key] for key in sorted(newest)]  # in one order, as all lock rows
    return session.execute(_keeping(model, _names(kept)), {"rows": _dump(kept)}).all()


def refuse_one(session: Session, refusal: Refusal) -> Refusal:
    """A refusal of one of many, to be reported in its place. What is only on its way is waited for as it
    is where it comes alone: NotKnownYet is raised as long as the transaction will be run again."""
    if isinstance(refusal, NotKnownYet) and session.info.get("is_patient"):
        raise refusal
    return refusal


def each_by_itself(
    session: Session, things: Iterable[Thing | Refusal], act: Callable[[Thing], Result]
) -> list[Result | Refusal]:
    """What `act`, which only decides, makes of each of a batch, or why it refuses that one; what is
    refused already stays so."""

    def act_on(thing: Thing | Refusal) -> Result | Refusal:
        if isinstance(thing, Refusal):
            return thing
        try:
            return act(thing)
        except Refusal as refusal:
            return refuse_one(session, refusal)

    return [act_on(one) for one in things]


def tell_refusal(refusal: Refusal) -> dict[str, Any]:
    """Why one of many was refused, as `chassis.fields.Result` tells it."""
    return {name: getattr(refusal, name) for name in ("code", "detail", "errors")}


def columns(rows: Iterable[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """The columns of `rows` by name, as parameters to `unnest` in a statement; at least one row."""
    arrays = zip(*rows, strict=True)
    return {name: list(values) for name, values in zip(names, arrays, strict=True)}


def attempt(session: Session, work: Callable[[], object]) -> Exception | None:
    """Do `work` in a savepoint; what it failed with, and then nothing of it is left, rows, events or due
    times. What the whole transaction may not meet again (an outage, a lost race) is raised."""
    said = _count_said(session)
    try:
        with session.begin_nested():
            work()
    except Exception as error:
        if not _is_its_own(error):
            raise
        _take_back(session, said)
        return error
    return None


def refusal_of(session: Session, work: Callable[[], object]) -> Refusal | None:
    """Do `work` in a savepoint; None, or why it was refused, and then nothing of it is left. What is only
    on its way is waited for, as in `refuse_one`; any other fault is raised."""
    try:
        error = attempt(session, work)
    except NotKnownYet as unknown:
        return refuse_one(session, unknown)
    if error is None or isinstance(error, Refusal):
        return error
    raise error


def each_apart(
    session: Session, keys: Sequence[Key], work: Callable[[Sequence[Key]], object]
) -> dict[Key, Exception]:
    """Do `work` for all keys at once; where that fails, for each half by itself, down to the keys that
    fail alone. Those, with what they failed with; for all others it is done, in the order of the keys."""
    error = attempt(session, lambda: work(keys)) if keys else None
    if error is None:
        return {}
    if len(keys) == 1:
        return {keys[0]: error}
    middle = len(keys) // 2
    return {
        **each_apart(session, keys[:middle], work),
        **each_apart(session, keys[middle:], work),
    }


def _decide(session: Session, one: Asked, decide: Callable[[Asked], Result]) -> Result | Refusal:
    said, cause = _count_said(session), session.info.get("cause", ("", None))
    session.info.update(cause=one.cause, if_match=one.if_match)
    try:
        with structlog.contextvars.bound_contextvars(request_id=one.request_id):
            return decide(one)
    except Refusal as refusal:
        _take_back(session, said)
        return refusal
    finally:
        session.info.update(cause=cause, if_match={})


def _count_said(session: Session) -> dict[str, int]:
    return {kind: len(session.info.get(kind, ())) for kind in ("announced", "due")}


def _take_back(session: Session, said: Mapping[str, int]) -> None:
    """Unsay what was announced and scheduled since then."""
    for kind, count in said.items():
        del session.info.get(kind, [])[count:]


def _is_its_own(error: Exception) -> bool:
    """Whether it is the fault of what was done, and not of the moment."""
    if isinstance(error, DataError | IntegrityError):
        return getattr(error.orig, "pgcode", None) != _LOST_RACE
    return not isinstance(error, SQLAlchemyError | NotKnownYet | Unavailable)


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
    table = _table(model)
    keys = [column.name for column in model.__mapper__.primary_key]
    told = [name for name in names if name not in keys]
    changes = ", ".join(f"{name} = excluded.{name}" for name in told)
    old = ", ".join(f"{table}.{name}" for name in told)
    new = ", ".join(f"excluded.{name}" for name in told)
    return text(
        f"{_insert(model, names)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
        f" WHERE excluded.version >= {table}.version AND ({old}) IS DISTINCT FROM ({new})"
        # What was there has been locked for the update, which its xmax says.
        f" RETURNING {', '.join(keys)}, {table}.version, {table}.xmax = 0 AS is_new"
    )


def _insert(model: type[DeclarativeBase], names: tuple[str, ...]) -> str:
    assert set(names) <= set(model.__table__.columns.keys()), f"not all of {names} are columns"
    table = _table(model)
    columns = ", ".join(names)
    recordset = f"json_populate_recordset(NULL::{table}, :rows)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {recordset}"  # noqa: S608


def _table(model: type[DeclarativeBase]) -> str:
    """Its name as it stands in a statement: in quotes where it is a word of SQL, such as case."""
    return str(_NAMES.format_table(model.__mapper__.local_table))
