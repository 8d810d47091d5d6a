"""Claims about transactions that begin with their first statement, against a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from chassis.doors.sessions import make_engine, make_reading_engine
from chassis.store.dialect import ALONE, LAST
from dev.servers import Servers

pytestmark = pytest.mark.server

ADD = text("INSERT INTO tried (n) VALUES (:n)")
COUNT = text("SELECT count(*) FROM tried")
WRONG = text("SELECT 1 / 0")


@pytest.fixture
def engine(servers: Servers) -> Iterator[Engine]:
    """Connections of a service's own kind, and a table whose numbers are checked at the commit."""
    engine = make_engine(servers.database_url("sales"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS tried")
        connection.exec_driver_sql(
            "CREATE TABLE tried (n int, UNIQUE (n) DEFERRABLE INITIALLY DEFERRED)"
        )
    yield engine
    engine.dispose()


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(COUNT) or 0)


def _state(connection: Connection) -> int:
    return int(connection.connection.dbapi_connection.get_transaction_status())  # type: ignore[union-attr]


def test_what_is_rolled_back_leaves_nothing_and_what_is_committed_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(ADD, {"n": 1})
        connection.rollback()
        connection.execute(ADD, {"n": 2})
        connection.execute(ADD, [{"n": 3}, {"n": 4}])
        assert _count(engine) == 0, "nobody else sees it yet"
        connection.commit()
        connection.execute(ADD, {"n": 5})  # and is forgotten, as nobody commits it
    assert _count(engine) == 3


def test_many_rows_at_once_begin_a_transaction_too(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(ADD, [{"n": 1}, {"n": 2}])
        connection.rollback()
    assert _count(engine) == 0


def test_the_last_statement_commits_with_all_before_it(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(ADD, {"n": 1})
        session.execute(ADD, {"n": 2}, execution_options=LAST)
        assert _count(engine) == 2


@pytest.mark.parametrize("options", [{}, LAST])
def test_a_commit_that_fails_says_so_and_leaves_nothing(
    engine: Engine, options: dict[str, bool]
) -> None:
    def add_one_twice() -> None:
        with Session(engine) as session, session.begin():
            session.execute(ADD, {"n": 1})
            session.execute(ADD, {"n": 1}, execution_options=options)

    with pytest.raises(IntegrityError):
        add_one_twice()
    assert _count(engine) == 0
    with engine.begin() as connection:
        connection.execute(ADD, {"n": 1})
    assert _count(engine) == 1, "and the connection is as good as before"


def test_a_statement_alone_is_a_transaction_of_its_own(engine: Engine) -> None:
    alone = engine.execution_options(**ALONE)
    with alone.connect() as connection:
        connection.execute(ADD, {"n": 1})
        assert _state(connection) == 0
        assert _count(engine) == 1


def test_a_savepoint_takes_back_what_came_after_it(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        with session.begin_nested() as savepoint:
            session.execute(ADD, {"n": 1})
            savepoint.rollback()
        session.execute(ADD, {"n": 2})
    assert _count(engine) == 1


def _sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the database, round trip by round trip."""
    sent: list[str] = []
    execute = PGDialect_psycopg2.do_execute

    def note(dialect: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)
        execute(dialect, cursor, statement, *rest)

    monkeypatch.setattr(PGDialect_psycopg2, "do_execute", note)
    return sent


def test_a_savepoint_costs_no_round_trip(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(engine) as session, session.begin():
        sent = _sent(monkeypatch)
        with session.begin_nested():
            pass
        with session.begin_nested():
            session.execute(ADD, {"n": 1})
        session.execute(COUNT)
    savepoints = [one for statement in sent for one in statement.split("; ") if "SAVEPOINT" in one]
    assert (len(sent), len(savepoints)) == (2, 2)
    assert _count(engine) == 1


def _add_and_fail(session: Session) -> None:
    with session.begin_nested():
        session.execute(ADD, {"n": 9})
        with session.begin_nested():
            session.execute(ADD, {"n": 8})
        session.execute(WRONG)


@pytest.mark.parametrize("many", [{"n": 3}, [{"n": 3}, {"n": 4}]], ids=["one row", "many rows"])
def test_what_fails_in_a_savepoint_takes_nothing_else_with_it(
    engine: Engine, many: dict[str, int] | list[dict[str, int]]
) -> None:
    with Session(engine) as session, session.begin():
        for n in (1, 2):
            with session.begin_nested():
                session.execute(ADD, {"n": n})
            with pytest.raises(DataError), session.begin_nested(), session.begin_nested():
                session.execute(WRONG)
            with pytest.raises(DataError):
                _add_and_fail(session)
        with session.begin_nested():
            session.execute(ADD, many)
        with session.begin_nested() as empty:
            empty.rollback()
    assert _count(engine) == 2 + (1 if isinstance(many, dict) else len(many))


def _fail_twice(session: Session) -> None:
    with session.begin_nested():
        with pytest.raises(ValueError, match="NUL"):
            session.execute(text("SELECT :text"), {"text": "\x00"})
        session.execute(WRONG)


@pytest.mark.parametrize("before", [[], [1]], ids=["first", "later"])
def test_what_cannot_even_be_sent_fails_in_its_savepoint_alone(
    engine: Engine, before: list[int]
) -> None:
    with Session(engine) as session, session.begin():
        for n in before:
            session.execute(ADD, {"n": n})
        with pytest.raises(ValueError, match="NUL"), session.begin_nested():
            session.execute(text("SELECT :text"), {"text": "\x00"})
        with pytest.raises(DataError):
            _fail_twice(session)
        session.execute(ADD, {"n": 2})
    assert _count(engine) == len(before) + 1


def test_a_query_sees_one_moment_and_cannot_write(servers: Servers, engine: Engine) -> None:
    reading = make_reading_engine(servers.database_url("sales"))
    with reading.connect() as connection:
        before = connection.scalar(COUNT)
        with engine.begin() as writing:
            writing.execute(ADD, {"n": 1})
        assert connection.scalar(COUNT) == before
        with pytest.raises(Exception, match="read-only"):
            connection.execute(ADD, {"n": 2})
    reading.dispose()
