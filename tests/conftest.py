"""Fixtures every test can ask for: servers of this test run, and a session on a service's database."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from chassis.doors.sessions import open_session
from dev import servers as development_servers
from dev.servers import Servers
from kernel.callers import ITSELF
from tests.engines import engines_on
from tests.migrated import make_to_be_migrated
from tests.side_by_side import Sharing, put_long_first

# No test asserts a time: the machine may be busy. `CI` draws the same examples every time, as it is told.
hypothesis.settings.register_profile(
    "steward",
    hypothesis.settings.get_profile(hypothesis.settings.get_current_profile_name()),
    deadline=None,
)
hypothesis.settings.load_profile("steward")
hypothesis.settings.register_profile(  # of `make test-fast`; `make test` draws all
    "quick", max_examples=20, derandomize=True, database=None
)
gc.set_threshold(100_000, 50, 50)  # a fifth of the processor's time, with thousands of tests loaded

ALL_NEED_SERVERS = "\npytestmark = pytest.mark.server\n"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where tests that need a server are left out, a file that has no others is not even loaded."""
    is_left_out = (
        config.option.markexpr == "not server"
        and collection_path.suffix == ".py"
        and ALL_NEED_SERVERS in collection_path.read_text()
    )
    return True if is_left_out else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing | None:
    """Share out by file, as `--dist loadfile` says, but keep together what shares something."""
    return Sharing(config, log) if config.option.dist == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run side by side, what takes long comes first."""
    if hasattr(config, "workerinput"):
        put_long_first(items)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """An instance of this process's own: virtual host, and databases to be migrated."""
    name = f"test{os.getpid()}"
    yield make_to_be_migrated(name)
    development_servers.drop_instance(name)


@pytest.fixture(scope="session")
def engine_of(servers: Servers) -> Iterator[Callable[[str], Engine]]:
    """The engine of a service's migrated database, by the service's name."""
    yield from engines_on(servers)


@pytest.fixture
def engine(request: pytest.FixtureRequest, engine_of: Callable[[str], Engine]) -> Engine:
    """The database of the service whose folder the test is in: tests/services/<service>/..."""
    parts = request.path.parts
    return engine_of(parts[parts.index("services") + 1])


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the service's database in which nothing outlives the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with open_session(connection, ITSELF) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def waits_or_ends(engine: Engine) -> Callable[[Future[Any]], None]:
    """Return when the work of another thread is done, or waits for a lock in the database."""
    is_waiting = text(
        "SELECT exists (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database())"
    )

    def waits_or_ends(work: Future[Any]) -> None:
        end = time.monotonic() + 30
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not work.done() and not connection.scalar(is_waiting):
                assert time.monotonic() < end, "it neither waits nor ends"

    return waits_or_ends
