"""Claims about transactions that begin with their first statement, against a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.doors.sessions import make_engine, make_reading_engine
from chassis.store.dialect import ALONE, LAST
from dev.servers import Servers

pytestmark = pytest.mark.server

ADD = text("INSERT INTO tried (n) VALUES (:n)")
COUNT = text("SELECT count(*) FROM tried")


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
