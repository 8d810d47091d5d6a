"""Claims about statements that a connection plans once, against a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Date, Engine, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.doors.sessions import make_engine
from chassis.doors.transaction import ask
from chassis.store.plans import Planned
from chassis.store.tables import daily_job
from dev.servers import Servers
from tests.chassis.ending import END_OTHERS

pytestmark = pytest.mark.server

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ECHO = Planned(
    "SELECT :many AS many, :at AS at, :n * 2 AS twice, :n AS n, ':' AS colon",
    n="bigint",
    at="timestamptz",
    many="text[]",
)
SHARE = Planned("SELECT 10 / :parts AS share", parts="int")
PLANS = text(
    "SELECT count(*) AS statements, sum(custom_plans) AS again FROM pg_prepared_statements"
)


@pytest.fixture
def engine(servers: Servers) -> Iterator[Engine]:
    engine = make_engine(servers.database_url("sales"))
    yield engine
    engine.dispose()


def test_values_are_of_the_types_that_were_told(engine: Engine) -> None:
    for n, many in ((1, ["it's", "a"]), (2**40, [])):
        [row] = ask(engine, ECHO, {"many": many, "n": n, "at": NOW})
        assert tuple(row) == (many, NOW, 2 * n, n, ":")


def test_a_connection_plans_it_once_whatever_the_values(engine: Engine) -> None:
    for parts in (5, 2, 5):
        ask(engine, SHARE, {"parts": parts})
    with engine.connect() as connection:
        assert tuple(connection.execute(PLANS).one()) == (1, 0)


class Base(DeclarativeBase):
    """Of this test."""


class Job(Base):
    """A row that a session may have changed."""

    __table__ = daily_job


def test_a_statement_that_is_written_for_it_sees_what_the_session_has_changed(
    engine: Engine,
) -> None:
    named = select(func.count().label("n")).where(daily_job.c.name.like("it's 10 %"))
    since = named.where(daily_job.c.last_day >= literal_column(":since", Date))
    everything, some = Planned.of(named), Planned.of(since, since="date")
    with Session(engine) as session:
        daily_job.create(session.connection(), checkfirst=True)
        for n in range(7):
            session.add(Job(name=f"it's 10 {n}", last_day=NOW.date()))
            for statement, values in ((everything, {}), (some, {"since": NOW.date()})):
                assert [row.n for row in statement.read(session, **values)] == [n + 1]


def test_after_one_that_failed_it_is_planned_anew(engine: Engine) -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError):
            SHARE.execute(engine.connect(), {"parts": 0})
        [row] = ask(engine, SHARE, {"parts": 2})
        assert row.share == 5


def test_a_new_connection_plans_it_as_the_one_that_is_gone_did(
    engine: Engine, servers: Servers
) -> None:
    ask(engine, SHARE, {"parts": 5})
    stranger = make_engine(servers.database_url("sales"))
    with stranger.begin() as connection:
        connection.execute(text(END_OTHERS))
    stranger.dispose()
    [row] = ask(engine, SHARE, {"parts": 5})
    assert row.share == 2
