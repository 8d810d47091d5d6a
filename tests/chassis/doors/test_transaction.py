"""What becomes of a transaction that the database has ended: busy, away, a wrong value, or a fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis.doors import transaction
from chassis.doors.sessions import make_engine
from chassis.doors.transaction import Context, run
from chassis.store.clock import Clock
from dev.ports import free_port
from dev.servers import Servers
from kernel.refusals import Refusal

TOO_LONG = """
    CREATE TEMP TABLE long (value text PRIMARY KEY);
    INSERT INTO long SELECT string_agg(md5(n::text), '') FROM generate_series(1, 999) n
"""
RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}'; END $$"


@pytest.fixture
def engine(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(transaction, "read_clock", lambda _: Clock(datetime.now(UTC)))
    monkeypatch.setattr(transaction.eventlet, "sleep", lambda _: None)
    engine = make_engine(servers.database_url("sales"))
    yield engine
    engine.dispose()


def refusal_of(engine: Engine, work: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        run(engine, lambda session, _: work(session), Context())
    return refused.value.status, refused.value.code


@pytest.mark.server
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("SELECT CAST(9223372036854775807 AS bigint) + 1", (422, "invalid_value")),
        ("SELECT CAST('294277-01-01' AS timestamptz)", (422, "invalid_value")),
        ("SELECT CAST('soon' AS date)", (422, "invalid_value")),
        (TOO_LONG, (422, "invalid_value")),
        ("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)", (503, "busy")),
        (RAISE.format("55P03"), (503, "busy")),
        (RAISE.format("40P01"), (503, "busy")),
        (RAISE.format("57P03"), (503, "database_unavailable")),
        (RAISE.format("53300"), (503, "database_unavailable")),
        ("SELECT pg_terminate_backend(pg_backend_pid())", (503, "database_unavailable")),
    ],
)
def test_what_the_database_refuses_is_told_from_an_outage(
    engine: Engine, statement: str, refusal: tuple[int, str]
) -> None:
    assert refusal_of(engine, lambda session: session.execute(text(statement))) == refusal


@pytest.mark.server
@pytest.mark.parametrize("statement", ["SELECT * FROM no_such_table", RAISE.format("23505")])
def test_a_statement_that_is_wrong_is_a_fault(engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError):
        run(engine, lambda session, _: session.execute(text(statement)), Context())


@pytest.mark.server
def test_one_who_was_always_overtaken_is_told_to_come_again(engine: Engine) -> None:
    def lose(_: Session) -> None:
        raise StaleDataError

    assert refusal_of(engine, lose) == (503, "busy")


def test_a_database_that_nobody_serves_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.eventlet, "sleep", lambda _: None)
    monkeypatch.setattr(transaction, "read_clock", lambda _: Clock(datetime.now(UTC)))
    engine = make_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    refusal = refusal_of(engine, lambda session: session.execute(text("SELECT 1")))
    assert refusal == (503, "database_unavailable")
