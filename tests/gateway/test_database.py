"""What the gateway's database says no to, and what becomes of that: an outage, a wrong value, a fault."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dev.ports import free_port
from dev.servers import Servers
from gateway.database import Database
from gateway.problems import Problem


def ask(url: str, statement: str, **values: Any) -> Any:
    async def ask() -> Any:
        database = Database(url.replace("postgresql://", "postgresql+psycopg://"))
        try:
            async with database.transaction() as connection:
                return (await connection.execute(text(statement), values)).all()
        finally:
            await database.close()

    return asyncio.run(ask())


@pytest.mark.server
@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("SELECT CAST(:value AS text)", "a\x00b"),
        ("SELECT CAST(:value AS bigint)", 2**63),
        ("SELECT CAST(:value AS integer)", 2**31),
        ("SELECT CAST(:value AS timestamptz)", "9999-12-31T23:59:59-14:00"),
        ("SELECT CAST(:value AS timestamptz)", "2026-13-45"),
        ("SELECT CAST(:value AS jsonb)", '"\\u0000"'),
    ],
)
def test_a_value_that_the_database_cannot_have_is_no_outage(
    servers: Servers, statement: str, value: object
) -> None:
    with pytest.raises(Problem) as refused:
        ask(servers.database_url("gateway"), statement, value=value)
    assert (refused.value.status, refused.value.code) == (422, "invalid_value")


@pytest.mark.server
def test_a_value_too_long_for_an_index_is_no_outage(servers: Servers) -> None:
    with pytest.raises(Problem) as refused:
        ask(
            servers.database_url("gateway"),
            "CREATE TEMP TABLE long (value text PRIMARY KEY);"
            "INSERT INTO long SELECT string_agg(md5(n::text), '') FROM generate_series(1, 999) n",
        )
    assert (refused.value.status, refused.value.code) == (422, "invalid_value")


@pytest.mark.server
def test_a_database_that_takes_too_long_is_away(servers: Servers) -> None:
    with pytest.raises(Problem) as refused:
        ask(servers.database_url("gateway"), "SET statement_timeout = 10; SELECT pg_sleep(5)")
    assert refused.value.status == 503


def test_a_database_that_nobody_serves_is_away() -> None:
    with pytest.raises(Problem) as refused:
        ask(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing", "SELECT 1")
    assert refused.value.status == 503


@pytest.mark.server
def test_a_statement_that_is_wrong_is_a_fault(servers: Servers) -> None:
    with pytest.raises(DBAPIError):
        ask(servers.database_url("gateway"), "SELECT * FROM no_such_table")


@pytest.mark.server
def test_what_it_can_have_it_gives_back(servers: Servers) -> None:
    moment = datetime(2076, 1, 1, tzinfo=UTC)
    query = "SELECT CAST(:value AS timestamptz)"
    assert ask(servers.database_url("gateway"), query, value=moment)[0][0] == moment
