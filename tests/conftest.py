"""Fixtures every test can ask for: servers of this test run, and a session on a service's database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from chassis.store.migrate import migrate
from dev import servers as development_servers
from dev.servers import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """An instance of this test run's own: virtual host and empty databases."""
    name = f"test{os.getpid()}"
    yield development_servers.make_instance(name)
    development_servers.drop_instance(name)


@pytest.fixture(scope="session")
def engine_of(servers: Servers) -> Iterator[Callable[[str], Engine]]:
    """The engine of a service's migrated database, by the service's name."""
    engines: dict[str, Engine] = {}

    def engine_of(service: str) -> Engine:
        if service not in engines:
            url = servers.database_url(service)
            migrate(f"services.{service}", url)
            engines[service] = create_engine(url.replace("://", "+psycopg2://", 1))
        return engines[service]

    yield engine_of
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest, engine_of: Callable[[str], Engine]) -> Engine:
    """The database of the service whose folder the test is in: tests/services/<service>/..."""
    parts = request.path.parts
    return engine_of(parts[parts.index("services") + 1])


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the service's database in which nothing outlives the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, expire_on_commit=False) as session:
            yield session
        transaction.rollback()
