"""Fixtures for the tests of every service: a client of the service whose folder the test is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine

from chassis.store.clock import Clock
from tests.services.client import Client

Some = TypeVar("Some", bound=Client)


@pytest.fixture(scope="module")
def modules_client(
    request: pytest.FixtureRequest, engine_of: Callable[[str], Engine]
) -> Iterator[Client]:
    """As `client`, for a module that makes once what its tests begin with: see `Client.undoing`."""
    parts = request.path.parts
    service = parts[parts.index("services") + 1]
    with engine_of(service).connect() as connection, connection.begin() as transaction:
        client = Client(service, connection)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(client.now))
            yield client
        transaction.rollback()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection to the service's database; nothing done on it outlives the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def timed_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Some], Some]:
    """Let it be what time a client says, for the service too; the client."""

    def timed_by(client: Some) -> Some:
        monkeypatch.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(client.now))
        return client

    return timed_by


@pytest.fixture
def client(
    request: pytest.FixtureRequest, connection: Connection, timed_by: Callable[[Client], Client]
) -> Client:
    """A client of the service whose folder the test is in: tests/services/<service>/..."""
    parts = request.path.parts
    return timed_by(Client(parts[parts.index("services") + 1], connection))
